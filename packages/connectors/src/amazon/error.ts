import type { ConnectorError, ConnectorErrorKind } from "../contract/connector-error.ts";
import { errorSchema } from "./wire.ts";

/** An answer that is not the one hoped for. `body` is parsed JSON, or the text where it was none. */
export interface BadAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter: string | null;
  /** When it came, for a Retry-After that names a time. */
  readonly now: number;
}

/**
 * What an answer means. The status decides, since bodies differ by API; but a 403 is many things: no valid token, a role that
 * the application lacks, a SKU whose path was not understood.
 */
export function toError(answer: BadAnswer): ConnectorError {
  const said = wordsOf(answer.body);
  const kind = isTokenRefusal(answer) ? "auth" : kindOf(answer.status);
  const retryAfterMs = kind === "throttled" || kind === "transient" ? waitOf(answer) : null;
  return {
    kind,
    message: `Amazon answered ${answer.status}: ${said.message}`,
    status: answer.status,
    ...(said.code === null ? {} : { code: said.code }),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
    ...(answer.status === 403 && kind === "rejected" ? { isOnlyThis: true } : {}),
  };
}

function kindOf(status: number): ConnectorErrorKind {
  if (status === 429) return "throttled";
  if (status === 401) return "auth";
  if (status === 404) return "not_found";
  if (status === 408 || status === 409 || status === 425 || status >= 500) return "transient";
  return status >= 400 ? "rejected" : "bug";
}

/**
 * The token was not taken. The envelope is the same for every 403; only `details` tells: "The access token you provided is
 * revoked, malformed or invalid." (seen), "… has expired." (not verified).
 */
export function isTokenRefusal({ status, body }: Pick<BadAnswer, "status" | "body">): boolean {
  return status === 401 || (status === 403 && /\btoken\b/i.test(detailsOf(body)));
}

/** A 403 that says nothing of why: the token may be meant, once in a while. */
export function isBareRefusal({ status, body }: Pick<BadAnswer, "status" | "body">): boolean {
  return status === 403 && detailsOf(body) === "";
}

function detailsOf(body: unknown): string {
  const parsed = errorSchema.safeParse(body);
  return parsed.success ? (parsed.data.errors?.[0]?.details ?? "").trim() : "";
}

/** What the token endpoint says when only a person can mend it (RFC 6749, 5.2). */
const GRANT_REFUSALS = new Set(["invalid_grant", "invalid_client", "unauthorized_client", "invalid_scope"]);

/** An error of the token endpoint. An answer that is not its own (a proxy's, an error page) says nothing about the grant. */
export function toTokenError(answer: BadAnswer): ConnectorError {
  const error = toError(answer);
  if (GRANT_REFUSALS.has(error.code ?? "")) return { ...error, kind: "auth" };
  return error.kind === "throttled" ? error : { ...error, kind: "transient" };
}

/** A success whose body says nothing we understand: unknown, never 0 and never "gone". */
export function toUnreadableError(what: string, isWrite: boolean): ConnectorError {
  return { kind: "transient", message: `Amazon's answer to ${what} cannot be read`, mayHaveApplied: isWrite };
}

function wordsOf(body: unknown): { readonly message: string; readonly code: string | null } {
  const parsed = errorSchema.safeParse(body);
  if (!parsed.success)
    return { message: shortened(typeof body === "string" ? body : "an unreadable body"), code: null };
  const { errors, error, error_description: description } = parsed.data;
  const [first] = errors ?? [];
  // The token endpoint says it as OAuth 2 does, everything else in the first of its errors.
  const words = first ?? { code: error, message: description ?? error, details: null };
  const { message } = words;
  const said = [message ?? "no message", words.details === message ? null : words.details];
  return { message: shortened(said.filter(Boolean).join(" ")), code: words.code ?? null };
}

export function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

/** Retry-After in seconds or as a date; not documented, honoured where it comes. */
function waitOf({ retryAfter, now }: BadAnswer): number | null {
  if (retryAfter === null) return null;
  const seconds = Number(retryAfter);
  const waitMs = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(retryAfter) - now;
  return Number.isFinite(waitMs) ? Math.max(0, Math.min(waitMs, LONGEST_WAIT_MS)) : null;
}

/** A Retry-After beyond an hour is taken for a mistake. */
const LONGEST_WAIT_MS = 3_600_000;
