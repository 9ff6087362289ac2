import type { z } from "zod";

import type { CallBudget } from "../contract/capability.ts";
import type { ConnectorError } from "../contract/connector-error.ts";
import type { ConnectionAccess } from "../contract/connector.ts";
import { callHttp, type HttpAnswer } from "../contract/http-call.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import type { TokenExchange } from "../contract/token-vault.ts";
import { isBareRefusal, isTokenRefusal, toError, toUnreadableError } from "./error.ts";

/** A call to the API, path and query built by us. Lists are joined by commas. */
export interface ApiCall {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Every segment is percent-encoded already: a SKU may hold `/`, `#` and spaces. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** Whose rate the answer tells; absent for calls that no budget counts. */
  readonly budget?: CallBudget;
  /** Told when Amazon answered by its own clock, where it says so; to the second, and never too late. */
  onAnsweredAt?(instant: number): void;
}

/** The transport: tokens, timeouts, limits, errors. Knows HTTP and nothing of orders or stock. */
export interface AmazonClient {
  /** The body of a 2xx answer in the shape asked for; any other answer is an error. */
  call<Schema extends z.ZodType>(schema: Schema, call: ApiCall): Promise<Outcome<z.infer<Schema>>>;
}

export interface ClientOptions extends Pick<ConnectionAccess, "tokens" | "clock" | "noteLimit"> {
  readonly baseUrl: URL;
  readonly timeoutMs: number;
  /** How `tokens` come by the next one. */
  readonly exchange: TokenExchange;
}

/** A 403 without a reason is tried with a new token at most this often, in milliseconds: it is rarely the token. */
const BLIND_RENEWAL_MS = 300_000;

export function createClient(options: ClientOptions): AmazonClient {
  const { tokens, clock, exchange } = options;
  let renewedBlindlyAt = -Infinity;

  const isWorthRenewing = (answer: HttpAnswer): boolean => {
    if (isTokenRefusal(answer)) return true;
    if (!isBareRefusal(answer) || clock.now() - renewedBlindlyAt < BLIND_RENEWAL_MS) return false;
    renewedBlindlyAt = clock.now();
    return true;
  };

  const sendWithToken = async (call: ApiCall): Promise<Outcome<HttpAnswer>> => {
    const token = await tokens.current(exchange);
    if (!token.ok) return token;
    const first = await send(options, call, token.value);
    if (!first.ok || !isWorthRenewing(first.value)) return first;
    const renewed = await tokens.replace(token.value, exchange);
    return renewed.ok ? send(options, call, renewed.value) : renewed;
  };

  return {
    async call(schema, call) {
      const answer = await sendWithToken(call);
      if (!answer.ok) return answer;
      noteLimit(options, call, answer.value.headers);
      noteTime(call, answer.value.headers);
      const { status, body } = answer.value;
      if (status < 200 || status > 299)
        return failed(withDoubt(call, toError({ ...answer.value, now: clock.now() })));
      const parsed = schema.safeParse(body);
      if (parsed.success) return succeeded(parsed.data);
      return failed(toUnreadableError(`${call.method} ${call.path}`, call.method !== "GET"));
    },
  };
}

function send(
  { baseUrl, timeoutMs }: ClientOptions,
  call: ApiCall,
  token: string,
): Promise<Outcome<HttpAnswer>> {
  return callHttp({
    url: addressOf(baseUrl, call),
    method: call.method,
    headers: {
      accept: "application/json",
      "x-amz-access-token": token,
      // Required in this form (Connect to the SP-API).
      "user-agent": "Onepool/0.1 (Language=TypeScript)",
      ...(call.json === undefined ? {} : { "content-type": "application/json" }),
    },
    timeoutMs,
    ...(call.json === undefined ? {} : { body: JSON.stringify(call.json) }),
  });
}

/** `path` is joined to the base URL's own path, so that a proxy may stand in front. */
function addressOf(baseUrl: URL, { path, query }: ApiCall): URL {
  const url = new URL(baseUrl);
  url.pathname = `${baseUrl.pathname.replace(/\/$/, "")}${path}`;
  url.search = new URLSearchParams(query).toString();
  return url;
}

/** `x-amzn-RateLimit-Limit`: calls per second of this operation for this account and application. Not on every answer. */
function noteLimit(options: ClientOptions, { budget }: ApiCall, headers: Headers): void {
  const perSecond = Number(headers.get("x-amzn-ratelimit-limit") ?? "");
  if (budget !== undefined && Number.isFinite(perSecond) && perSecond > 0)
    options.noteLimit?.(budget, perSecond * 60);
}

/** `Date` (RFC 9110, 6.6.1) is cut to the second. */
function noteTime(call: ApiCall, headers: Headers): void {
  const answeredAt = Date.parse(headers.get("date") ?? "");
  if (!Number.isNaN(answeredAt)) call.onAnsweredAt?.(answeredAt);
}

/** A server that stumbled may have done what it was asked before it fell. */
function withDoubt(call: ApiCall, error: ConnectorError): ConnectorError {
  const isDoubtful = call.method !== "GET" && (error.status ?? 0) >= 500;
  return isDoubtful ? { ...error, mayHaveApplied: true } : error;
}
