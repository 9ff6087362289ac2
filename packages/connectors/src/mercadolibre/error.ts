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

/** 403s that concern the whole account or app; any other one concerns only the resource (DOC:error-403, SPEED). */
const ACCOUNT_REFUSALS = new Set([
  "PA_UNAUTHORIZED_RESULT_FROM_POLICIES",
  "unauthorized_scopes",
  "unauthorized_application",
  "forbidden",
  "invalid_client",
  "invalid_grant",
  "unauthorized_client",
]);

/** What an answer means, whatever its body looks like: 429s in particular have five shapes, so only the status counts. */
export function toError(answer: BadAnswer): ConnectorError {
  const said = wordsOf(answer.body);
  const kind = kindOf(answer.status, said.code);
  const retryAfterMs = kind === "throttled" || kind === "transient" ? waitOf(answer) : null;
  return {
    kind,
    message: `MercadoLibre answered ${answer.status}: ${said.message}`,
    status: answer.status,
    ...(said.code === null ? {} : { code: said.code }),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  };
}

function kindOf(status: number, code: string | null): ConnectorErrorKind {
  if (status === 429) return "throttled";
  if (status === 401) return "auth";
  if (status === 403) return code !== null && ACCOUNT_REFUSALS.has(code) ? "auth" : "rejected";
  if (status === 404) return "not_found";
  // 409 is "item optimistic locking error": two writers met; seconds later it works (DOC:producto-sincroniza).
  if (status === 408 || status === 409 || status === 425 || status >= 500) return "transient";
  return status >= 400 ? "rejected" : "bug";
}

/** What the token endpoint says when only a person can mend it (DOC:autenticacion-y-autorizacion, list of codes). */
const GRANT_REFUSALS = new Set([
  "invalid_grant",
  "invalid_client",
  "invalid_scope",
  "unauthorized_client",
  "unauthorized_application",
  "invalid_operator_user_id",
]);

/**
 * An error of the token endpoint. `invalid_grant`: the refresh token is spent, revoked or too old. An answer that is not the
 * endpoint's own (a proxy's 401, an error page) says nothing about it.
 */
export function toTokenError(answer: BadAnswer): ConnectorError {
  const error = toError(answer);
  if (GRANT_REFUSALS.has(error.code ?? "")) return { ...error, kind: "auth" };
  return error.kind === "throttled" ? error : { ...error, kind: "transient" };
}

/** A success whose body says nothing we understand: unknown, never 0 and never "gone". */
export function toUnreadableError(what: string, isWrite: boolean): ConnectorError {
  return {
    kind: "transient",
    message: `MercadoLibre's answer to ${what} cannot be read`,
    mayHaveApplied: isWrite,
  };
}

function wordsOf(body: unknown): { readonly message: string; readonly code: string | null } {
  const parsed = errorSchema.safeParse(body);
  if (!parsed.success)
    return { message: shortened(typeof body === "string" ? body : "an unreadable body"), code: null };
  const { message, error, error_description: description, code, cause } = parsed.data;
  // The most telling first: validation errors say it in their first cause, the token endpoint in its description.
  const words = [cause?.[0]?.message, description, message, error, "no message"];
  const codes = [cause?.[0]?.code, typeof code === "string" ? code : undefined, error];
  return { message: shortened(String(firstOf(words))), code: firstOf(codes)?.toString() ?? null };
}

function firstOf<Value>(values: readonly (Value | undefined)[]): Value | undefined {
  return values.find((value) => value !== undefined);
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

/** Retry-After in seconds or as a date; not documented, honoured where it comes. */
function waitOf({ retryAfter, now, status }: BadAnswer): number | null {
  if (retryAfter !== null) {
    const seconds = Number(retryAfter);
    const waitMs = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(retryAfter) - now;
    if (Number.isFinite(waitMs)) return Math.max(0, Math.min(waitMs, LONGEST_WAIT_MS));
  }
  return status === 409 ? LOCK_WAIT_MS : null;
}

/** A Retry-After beyond an hour is taken for a mistake. */
const LONGEST_WAIT_MS = 3_600_000;
const LOCK_WAIT_MS = 2_000;
