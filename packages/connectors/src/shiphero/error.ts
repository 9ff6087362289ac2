import type { ConnectorError, ConnectorErrorKind } from "../contract/connector-error.ts";
import { doorSchema, type WireFailure } from "./wire.ts";

/** An answer that is not the one hoped for. `body` is parsed JSON, or the text where it was none. */
export interface BadAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter: string | null;
}

/** Not enough credits; `time_remaining` says how long until there are. */
const THROTTLED = 30;

/** "… not found", documented. Other codes are told apart by their words. */
const NOT_FOUND = 5;

/** A failure in an answer of status 200. */
export function toFailure({ message, code, time_remaining: wait }: WireFailure): ConnectorError {
  const words = shortened(message ?? "no message");
  const kind = kindOfFailure(code, words);
  const seconds = Number(/\d+(?:\.\d+)?/.exec(wait ?? "")?.[0] ?? Number.NaN);
  return {
    kind,
    message: `ShipHero refused: ${words}`,
    status: 200,
    ...(code === null || code === undefined ? {} : { code: String(code) }),
    ...(kind === "throttled" && Number.isFinite(seconds) ? { retryAfterMs: bounded(seconds * 1_000) } : {}),
  };
}

function kindOfFailure(code: number | string | null | undefined, words: string): ConnectorErrorKind {
  if (Number(code) === THROTTLED || /not enough credits/i.test(words)) return "throttled";
  if (Number(code) === NOT_FOUND || /not found$/i.test(words)) return "not_found";
  if (/unexpected error|try again|timed? ?out|temporarily|internal/i.test(words)) return "transient";
  if (/not authenticated|invalid token|expired token|token (?:is |has )?expired/i.test(words)) return "auth";
  return "rejected";
}

/** Anything but 200 comes from the door, not from GraphQL; its answers are shown nowhere. */
export function toError(answer: BadAnswer): ConnectorError {
  const kind = kindOf(answer.status);
  const seconds = Number(answer.retryAfter ?? Number.NaN);
  const waits = (kind === "throttled" || kind === "transient") && Number.isFinite(seconds);
  return {
    kind,
    message: `ShipHero answered ${answer.status}: ${wordsOf(answer.body)}`,
    status: answer.status,
    ...(waits ? { retryAfterMs: bounded(seconds * 1_000) } : {}),
  };
}

function kindOf(status: number): ConnectorErrorKind {
  if (status === 429) return "throttled";
  if (status === 401) return "auth";
  if (status === 408 || status === 425 || status >= 500) return "transient";
  // A query that is not valid: ours to mend.
  return status === 400 ? "bug" : "rejected";
}

/** What the token endpoint says when only a person can mend it: Auth0 stands behind it (assumed, by its answers). */
export function toTokenError(answer: BadAnswer, refreshToken: string): ConnectorError {
  const error = toError(answer);
  const message = error.message.replaceAll(refreshToken, "***");
  if (error.kind === "throttled") return { ...error, message };
  const isRefused = answer.status === 401 || answer.status === 403 || /invalid_grant/.test(message);
  return { ...error, message, kind: isRefused ? "auth" : "transient" };
}

/** A success whose body says nothing we understand: unknown, never 0 and never "gone". */
export function toUnreadableError(what: string, isWrite: boolean): ConnectorError {
  return {
    kind: "transient",
    message: `ShipHero's answer to ${what} cannot be read`,
    mayHaveApplied: isWrite,
  };
}

function wordsOf(body: unknown): string {
  if (typeof body === "string") return shortened(body);
  const parsed = doorSchema.safeParse(body);
  if (!parsed.success) return "an unreadable body";
  const { message, error, error_description: description, errors } = parsed.data;
  return (
    shortened([message, error, description, errors?.[0]?.message].filter(Boolean).join(": ")) || "no message"
  );
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

/** A wait beyond an hour is taken for a mistake. */
function bounded(waitMs: number): number {
  return Math.max(0, Math.min(waitMs, 3_600_000));
}
