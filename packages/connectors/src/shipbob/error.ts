import type { ConnectorError, ConnectorErrorKind } from "../contract/connector-error.ts";
import { errorSchema, fieldErrorsSchema } from "./wire.ts";

/** An answer that is not the one hoped for. `body` is parsed JSON, or the text where it was none. */
export interface BadAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

/** What an answer means. The status decides: bodies differ by API, and most 401 and 403 have none that is documented. */
export function toError(answer: BadAnswer): ConnectorError {
  const kind = kindOf(answer.status);
  const retryAfterMs = kind === "throttled" || kind === "transient" ? waitOf(answer.headers) : null;
  return {
    kind,
    message: `ShipBob answered ${answer.status}: ${wordsOf(answer.body)}`,
    status: answer.status,
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
    // A scope that the token lacks concerns that resource alone.
    ...(answer.status === 403 ? { isOnlyThis: true } : {}),
  };
}

function kindOf(status: number): ConnectorErrorKind {
  if (status === 429) return "throttled";
  if (status === 401) return "auth";
  if (status === 404) return "not_found";
  if (status === 408 || status === 409 || status === 425 || status >= 500) return "transient";
  return status >= 400 ? "rejected" : "bug";
}

/** A success whose body says nothing we understand: unknown, never 0 and never "gone". */
export function toUnreadableError(what: string, isWrite: boolean): ConnectorError {
  return {
    kind: "transient",
    message: `ShipBob's answer to ${what} cannot be read`,
    mayHaveApplied: isWrite,
  };
}

/** `x-retry-after`, in seconds (documented); a proxy's own header says it as HTTP does. */
function waitOf(headers: Headers): number | null {
  const seconds = Number(headers.get("x-retry-after") ?? headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.max(0, Math.min(seconds * 1_000, LONGEST_WAIT_MS)) : null;
}

/** A wait beyond an hour is taken for a mistake. */
const LONGEST_WAIT_MS = 3_600_000;

function wordsOf(body: unknown): string {
  if (typeof body === "string") return shortened(body);
  const parsed = errorSchema.safeParse(body);
  if (!parsed.success) return "an unreadable body";
  const { message, detail, title, errors } = parsed.data;
  const said = message ?? detail ?? title;
  const fields = fieldErrorsSchema.safeParse(errors ?? (said === undefined ? body : {}));
  const byField = fields.success
    ? Object.entries(fields.data).map(([field, messages]) => `${field}: ${messages.join(", ")}`)
    : [];
  return shortened([said, ...byField].filter(Boolean).join("; ")) || "no message";
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
