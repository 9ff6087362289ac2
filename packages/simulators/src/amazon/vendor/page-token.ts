import { createHash } from "node:crypto";

/** Where the next page starts, for whom and since when. */
interface PageState {
  /** Digest of the parameters that have to be the same on every page. */
  of: string;
  /** When it was handed out. */
  at: number;
  /** The last row of the page before. */
  after: [number, string];
  /** The upper bound of the first page, so that later pages do not run ahead of it. */
  until: number;
}

/** One string for parameters that must not change between pages. */
export function digestOf(parameters: unknown): string {
  return createHash("sha256").update(JSON.stringify(parameters)).digest("base64url").slice(0, 16);
}

/** An opaque token of letters, digits, dashes and underscores. */
export function writePageToken(state: PageState): string {
  return Buffer.from(JSON.stringify(state)).toString("base64url");
}

/** The state in a token that was handed out less than `ttlMs` ago for the same parameters. */
export function readPageToken(
  token: string,
  expected: { of: string; now: number; ttlMs: number },
): PageState | undefined {
  try {
    const state = JSON.parse(Buffer.from(token, "base64url").toString("utf8")) as Partial<PageState>;
    const { of, at, after, until } = state;
    if (of !== expected.of || typeof at !== "number" || typeof until !== "number") return undefined;
    if (at + expected.ttlMs <= expected.now || !Array.isArray(after)) return undefined;
    return { of, at, after, until };
  } catch {
    return undefined;
  }
}
