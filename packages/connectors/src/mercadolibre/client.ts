import type { z } from "zod";

import type { ConnectorError } from "../contract/connector-error.ts";
import { callHttp, type HttpAnswer } from "../contract/http-call.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import type { TokenVault } from "../contract/token-vault.ts";
import { type Credentials, tokenExchange } from "./auth.ts";
import { toError, toUnreadableError } from "./error.ts";

/** A call to the API, path and query built by us. */
export interface ApiCall {
  readonly method: "GET" | "PUT";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

/** The transport: tokens, timeouts, errors. Knows HTTP and nothing of orders or stock. */
export interface MercadoLibreClient {
  /** The body of a 2xx answer in the shape asked for; any other answer is an error. A 204 has the body null. */
  call<Schema extends z.ZodType>(schema: Schema, call: ApiCall): Promise<Outcome<z.infer<Schema>>>;
  /** The same with the answer's headers. */
  callWithHeaders<Schema extends z.ZodType>(
    schema: Schema,
    call: ApiCall,
  ): Promise<Outcome<{ readonly body: z.infer<Schema>; readonly headers: Headers }>>;
}

export interface ClientOptions {
  readonly baseUrl: URL;
  readonly tokenUrl: URL;
  readonly credentials: Credentials;
  readonly tokens: TokenVault;
  readonly timeoutMs: number;
  readonly clock: { now(): number };
}

export function createClient(options: ClientOptions): MercadoLibreClient {
  const { tokens, clock, timeoutMs } = options;
  const exchange = tokenExchange(options);

  const send = (call: ApiCall, token: string): Promise<Outcome<HttpAnswer>> =>
    callHttp({
      url: addressOf(options.baseUrl, call),
      method: call.method,
      headers: {
        accept: "application/json",
        authorization: `Bearer ${token}`,
        ...(call.json === undefined ? {} : { "content-type": "application/json" }),
        ...call.headers,
      },
      timeoutMs,
      ...(call.json === undefined ? {} : { body: JSON.stringify(call.json) }),
    });

  const sendWithToken = async (call: ApiCall): Promise<Outcome<HttpAnswer>> => {
    const token = await tokens.current(exchange);
    if (!token.ok) return token;
    const first = await send(call, token.value);
    if (!first.ok || first.value.status !== 401) return first;
    // Tokens die early (password change, revocation, another process's refresh): one new token, one more try.
    const renewed = await tokens.replace(token.value, exchange);
    return renewed.ok ? send(call, renewed.value) : renewed;
  };

  const client: MercadoLibreClient = {
    async call(schema, call) {
      const answer = await client.callWithHeaders(schema, call);
      return answer.ok ? succeeded(answer.value.body) : answer;
    },
    async callWithHeaders(schema, call) {
      const answer = await sendWithToken(call);
      if (!answer.ok) return answer;
      const { status, body, headers } = answer.value;
      if (status < 200 || status > 299)
        return failed(withDoubt(call, toError({ ...answer.value, now: clock.now() })));
      const parsed = schema.safeParse(body);
      if (parsed.success) return succeeded({ body: parsed.data, headers });
      return failed(toUnreadableError(`${call.method} ${call.path}`, call.method !== "GET"));
    },
  };
  return client;
}

/** `path` is joined to the base URL's own path, so that a proxy may stand in front. */
function addressOf(baseUrl: URL, { path, query }: ApiCall): URL {
  const url = new URL(baseUrl);
  url.pathname = `${baseUrl.pathname.replace(/\/$/, "")}${path}`;
  url.search = new URLSearchParams(query).toString();
  return url;
}

/** A server that stumbled may have done what it was asked before it fell. */
function withDoubt(call: ApiCall, error: ConnectorError): ConnectorError {
  const isDoubtful = call.method !== "GET" && (error.status ?? 0) >= 500;
  return isDoubtful ? { ...error, mayHaveApplied: true } : error;
}
