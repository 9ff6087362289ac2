import { parseArgs } from "node:util";

/** What can be measured alone. */
export const PARTS = ["ledger", "http", "webhook", "idle"] as const;
export type Part = (typeof PARTS)[number];

export interface BenchOptions {
  readonly isQuick: boolean;
  readonly parts: ReadonlySet<Part>;
  /** Where the server writes profiles of its processor time; none if not given. */
  readonly profileFolder: string | undefined;
}

export type ParsedOptions =
  | { readonly ok: true; readonly options: BenchOptions }
  | { readonly ok: false; readonly sentence: string };

export const USAGE = `usage: npm run bench [-- --quick] [--only ${PARTS.join(",")}] [--profile FOLDER]`;

/** Reads the words behind `npm run bench --`. */
export function parseBenchOptions(words: readonly string[]): ParsedOptions {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: { quick: { type: "boolean" }, only: { type: "string" }, profile: { type: "string" } },
    });
    const named = values.only?.split(",") ?? [...PARTS];
    const unknown = named.find((name) => !isPart(name));
    if (unknown !== undefined)
      return { ok: false, sentence: `there is no part "${unknown}": ${PARTS.join(", ")}` };
    return {
      ok: true,
      options: {
        isQuick: values.quick === true,
        parts: new Set(named.filter(isPart)),
        profileFolder: values.profile,
      },
    };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { ok: false, sentence: error.message };
  }
}

function isPart(name: string): name is Part {
  return (PARTS as readonly string[]).includes(name);
}
