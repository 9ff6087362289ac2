import { standardError, type VendorAnswer } from "../vendor/vendor-answer.ts";

const SCROLL_TTL_MS = 300_000;

/** Captured word for word. */
const invalidScrollId: VendorAnswer = standardError(
  400,
  "invalid.scroll.id",
  "Invalid Scroll Id: Error decode reading Scroll ID",
);

interface ScrollState {
  last: string;
  /** When it was handed out; good for five minutes. */
  at: number;
}

/** Base64 of a JSON with the last id, as the captured ones are. */
export function writeScrollId(last: string, at: number): string {
  return Buffer.from(JSON.stringify({ last, at } satisfies ScrollState)).toString("base64");
}

/** The id after which the next page starts. */
export function readScrollId(scrollId: string, now: number): { last: string } | VendorAnswer {
  try {
    const state = JSON.parse(Buffer.from(scrollId, "base64").toString("utf8")) as Partial<ScrollState>;
    if (typeof state.last !== "string" || typeof state.at !== "number") return invalidScrollId;
    return state.at + SCROLL_TTL_MS > now ? { last: state.last } : invalidScrollId;
  } catch {
    return invalidScrollId;
  }
}
