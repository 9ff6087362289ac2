import { failed, type Outcome, succeeded } from "./outcome.ts";

export interface HttpCall {
  readonly url: URL;
  readonly method: "GET" | "PUT" | "POST" | "PATCH" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
  /** For the whole exchange, in milliseconds. */
  readonly timeoutMs?: number;
  /** Larger answers are cut off, in bytes. */
  readonly largestAnswer?: number;
}

/** An answer of whatever status. `body` is parsed JSON; text where it is none; null where there is none. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly isJson: boolean;
  readonly retryAfter: string | null;
  readonly headers: Headers;
}

const TIMEOUT_MS = 10_000;

/** No order or listing comes near it. In bytes. */
const LARGEST_ANSWER = 8 * 1024 * 1024;

/**
 * One HTTP exchange. No answer in time, a broken connection and a redirect come back as an error of kind `transient`: what
 * was asked may have happened all the same. Redirects are not followed, since the request carries a token.
 */
export async function callHttp(call: HttpCall): Promise<Outcome<HttpAnswer>> {
  try {
    const response = await fetch(call.url, {
      method: call.method,
      headers: { "user-agent": "onepool", ...call.headers },
      redirect: "error",
      signal: AbortSignal.timeout(call.timeoutMs ?? TIMEOUT_MS),
      ...(call.body === undefined ? {} : { body: call.body }),
    });
    const text = await readText(response, call.largestAnswer ?? LARGEST_ANSWER);
    // An answer that is no success ends in messages and logs, and some repeat what they were sent.
    const { body, isJson } = parse(response.ok ? text : withoutSecrets(text, secretsOf(call)));
    return succeeded({
      status: response.status,
      body,
      isJson,
      retryAfter: response.headers.get("retry-after"),
      headers: response.headers,
    });
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === null) throw error;
    return failed({
      kind: "transient",
      message: `${call.url.host} did not answer: ${reason}`,
      code: "no_answer",
      mayHaveApplied: call.method !== "GET",
    });
  }
}

/** Headers that carry a token: `authorization` by its scheme, vendors' own by their name. */
const SECRET_HEADER = /^authorization$|token|secret|-key$/i;

/** Fields of a token call that anybody may know. */
const PUBLIC_FIELDS = new Set(["grant_type", "client_id", "redirect_uri", "scope"]);

/** Shorter ones are no vendor's, and struck out they would take words apart that say what is wrong. */
const SECRET_LENGTH_MIN = 8;

/** What a call carries that nobody may read anywhere else. */
function secretsOf({ headers = {}, body }: HttpCall): string[] {
  const sent = Object.entries(headers)
    .filter(([name]) => SECRET_HEADER.test(name))
    .map(([, value]) => value.replace(/^\S+ /, ""));
  const fields =
    body instanceof URLSearchParams ? [...body].filter(([name]) => !PUBLIC_FIELDS.has(name)) : [];
  return [...sent, ...fields.map(([, value]) => value)].filter(({ length }) => length >= SECRET_LENGTH_MIN);
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((cleaned, secret) => cleaned.replaceAll(secret, "***"), text);
}

async function readText(response: Response, largest: number): Promise<string> {
  if (response.body === null) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > largest) throw new AnswerTooLarge(largest);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

class AnswerTooLarge extends Error {
  constructor(largest: number) {
    super(`the answer is larger than ${largest / 1024 / 1024} MiB`);
    this.name = "AnswerTooLarge";
  }
}

function parse(text: string): { readonly body: unknown; readonly isJson: boolean } {
  if (text === "") return { body: null, isJson: false };
  try {
    return { body: JSON.parse(text) as unknown, isJson: true };
  } catch {
    return { body: text, isJson: false };
  }
}

/** Why no answer came, or null for an error that is ours. */
function reasonOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if (error.name === "TimeoutError" || error.name === "AbortError") return "timed out";
  if (error instanceof AnswerTooLarge) return error.message;
  // fetch throws TypeError for every failure of the network and hides which one it was in `cause`.
  if (!(error instanceof TypeError) || !(error.cause instanceof Error)) return null;
  const { code } = error.cause as Error & { readonly code?: unknown };
  return typeof code === "string" ? code : error.cause.message;
}
