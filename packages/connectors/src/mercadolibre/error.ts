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
  const kind = kindOf(answer.status, said);
  const retryAfterMs = ["throttled", "transient", "conflict"].includes(kind) ? waitOf(answer) : null;
  const refusal = kind === "rejected" ? refusalOf(said) : null;
  return {
    kind,
    message: `${refusal ?? ""}MercadoLibre answered ${answer.status}: ${said.message}`,
    status: answer.status,
    ...(said.code === null ? {} : { code: said.code }),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  };
}

const KINDS: Readonly<Record<number, ConnectorErrorKind>> = {
  401: "auth",
  404: "not_found",
  408: "transient",
  // "item optimistic locking error": two writers met (DOC:producto-sincroniza). "Version mismatch": it moved since it was read.
  409: "conflict",
  425: "transient",
  429: "throttled",
};

function kindOf(status: number, { code, message }: Said): ConnectorErrorKind {
  if (status >= 500) return "transient";
  if (status === 403) return code !== null && ACCOUNT_REFUSALS.has(code) ? "auth" : "rejected";
  // We never leave it out: whatever took it away, the same again would too.
  if (/missing x-version/i.test(message)) return "bug";
  return KINDS[status] ?? (status >= 400 ? "rejected" : "bug");
}

/** Refusals of a quantity that a person has to understand, by the words or the code they come with (VIGA, VTEX, GTIN, docs). */
const REFUSALS: readonly (readonly [said: RegExp, meaning: string])[] = [
  [/fulfillment items|fulfillment only/i, "MercadoLibre keeps this stock (Full) and counts it alone."],
  [
    /full inbound first|without inventory id/i,
    "Nothing was ever sent to Full, so it has no part of its own.",
  ],
  [/blocked for modifications to the selling address/i, "This country has no stock beside Full."],
  [
    /status:under_review|under_review/i,
    "The listing is under review: MercadoLibre takes no quantity for it.",
  ],
  [/status:closed|item is closed/i, "The listing is closed for good."],
  [
    /status:inactive|status:payment_required/i,
    "The listing is not active: MercadoLibre takes no quantity for it.",
  ],
  [/forbidden/i, "MercadoLibre forbids this listing."],
  [/activate an item without stock/i, "MercadoLibre does not open a listing without stock."],
  [
    /user not active|caller is not authorized/i,
    "MercadoLibre has suspended the account, or keeps it from this listing.",
  ],
  [
    /store (?:not found|does not belong|is not configured|cannot be null)/i,
    "The depot is not one that stock can be put in.",
  ],
  [/single warehouse/i, "The account has one depot, and stock stands at another one."],
  [
    /available_quantity.*not_modifiable|\[available_quantity\]/i,
    "The quantity of this listing cannot be written here.",
  ],
];

function refusalOf({ code, message }: Said): string | null {
  const known = REFUSALS.find(([said]) => said.test(message) || said.test(code ?? ""));
  return known === undefined ? null : `${known[1]} `;
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

const OPERATOR = "invalid_operator_user_id";

/** What the consent page sends back in place of a code. */
export function toConsentError(code: string, description: string | null): ConnectorError {
  const said = shortened(description ?? code);
  const message =
    code === OPERATOR
      ? "MercadoLibre lets only the account's administrator connect it, and an operator was signed in: sign out there, sign in as the administrator and try again."
      : code === "access_denied"
        ? "The account's owner did not agree."
        : `MercadoLibre did not give access: ${said}`;
  return { kind: "auth", code: shortened(code), message };
}

/**
 * An error of the token endpoint. `invalid_grant`: the refresh token is spent, revoked or too old. An answer that is not the
 * endpoint's own (a proxy's 401, an error page) says nothing about it.
 */
export function toTokenError(answer: BadAnswer): ConnectorError {
  const error = toError(answer);
  if (error.code === OPERATOR) return toConsentError(OPERATOR, null);
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

interface Said {
  readonly message: string;
  readonly code: string | null;
}

function wordsOf(body: unknown): Said {
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
