import { parseArgs } from "node:util";

export type Policy = "real-time" | "every-15-minutes" | "nightly";

export const POLICIES: readonly Policy[] = ["real-time", "every-15-minutes", "nightly"];

export interface DemoOptions {
  readonly exit: boolean;
  /** Every policy in turn, and a table of them. */
  readonly compare: boolean;
  readonly policy: Policy;
  /** The seller's own order file; null for the fixture. */
  readonly file: string | null;
  readonly seed: number;
  /** Simulated seconds per real second. */
  readonly factor: number;
  readonly port: number;
}

/** The command line's options, or one sentence that says what is wrong with them. */
export function demoOptions(args: readonly string[]): DemoOptions | string {
  const { values } = parseArgs({
    args: [...args],
    options: {
      exit: { type: "boolean", default: false },
      compare: { type: "boolean", default: false },
      policy: { type: "string", default: "real-time" },
      file: { type: "string" },
      seed: { type: "string", default: "1" },
      factor: { type: "string", default: "300" },
      port: { type: "string", default: "4040" },
    },
  });
  const policy = POLICIES.find((known) => known === values.policy);
  if (policy === undefined) return `--policy is one of ${POLICIES.join(", ")}, not ${values.policy}.`;
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) return `--seed is a whole number, not ${values.seed}.`;
  const factor = Number(values.factor);
  if (!(factor > 0 && factor <= 10_000))
    return `--factor lies above 0 and at most at 10000, not ${values.factor}.`;
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    return `--port is 0 to 65535, not ${values.port}.`;
  return {
    exit: values.exit,
    compare: values.compare,
    policy,
    file: values.file ?? null,
    seed,
    factor,
    port,
  };
}
