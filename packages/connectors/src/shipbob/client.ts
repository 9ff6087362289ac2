import type { z } from "zod";

import type { ConnectorError } from "../contract/connector-error.ts";
import { callHttp } from "../contract/http-call.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import { authorizationOf } from "./auth.ts";
import { toError, toUnreadableError } from "./error.ts";

/** A call to the API, path and query built by us. */
export interface ApiCall {
  readonly method: "GET" | "POST" | "DELETE";
  /** Behind the version. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | URLSearchParams;
  readonly json?: unknown;
  /** Writes to orders and returns name the channel that they belong to. */
  readonly channelId?: string;
  /** A POST that only asks. */
  readonly isRead?: boolean;
}

/** The transport: token, timeouts, errors. Knows HTTP and nothing of stock. */
export interface ShipBobClient {
  /** The body of a 2xx answer in the shape asked for; any other answer is an error. */
  call<Schema extends z.ZodType>(schema: Schema, call: ApiCall): Promise<Outcome<z.infer<Schema>>>;
}

export interface ClientOptions {
  readonly baseUrl: URL;
  readonly accessToken: string;
  readonly timeoutMs: number;
}

const VERSION = "2026-01";

export function createClient({ baseUrl, accessToken, timeoutMs }: ClientOptions): ShipBobClient {
  return {
    async call(schema, call) {
      const called = await callHttp({
        url: addressOf(baseUrl, call),
        method: call.method,
        headers: {
          accept: "application/json",
          ...authorizationOf(accessToken),
          ...(call.channelId === undefined ? {} : { shipbob_channel_id: call.channelId }),
          ...(call.json === undefined ? {} : { "content-type": "application/json" }),
        },
        timeoutMs,
        ...(call.json === undefined ? {} : { body: JSON.stringify(call.json) }),
      });
      if (!called.ok) return call.isRead === true ? failed(withoutDoubt(called.error)) : called;
      const { status, body } = called.value;
      if (status < 200 || status > 299) return failed(withDoubt(call, toError(called.value)));
      const parsed = schema.safeParse(body);
      if (parsed.success) return succeeded(parsed.data);
      return failed(toUnreadableError(`${call.method} ${call.path}`, isWrite(call)));
    },
  };
}

/** `path` is joined to the base URL's own path, so that a proxy may stand in front. */
function addressOf(baseUrl: URL, { path, query }: ApiCall): URL {
  const url = new URL(baseUrl);
  url.pathname = `${baseUrl.pathname.replace(/\/$/, "")}/${VERSION}${path}`;
  url.search = new URLSearchParams(query).toString();
  return url;
}

function isWrite({ method, isRead }: ApiCall): boolean {
  return method !== "GET" && isRead !== true;
}

/** A server that stumbled may have done what it was asked before it fell. */
function withDoubt(call: ApiCall, error: ConnectorError): ConnectorError {
  return isWrite(call) && (error.status ?? 0) >= 500 ? { ...error, mayHaveApplied: true } : error;
}

function withoutDoubt({ mayHaveApplied: _, ...error }: ConnectorError): ConnectorError {
  return error;
}
