import type { ConnectorError } from "./connector-error.ts";

/** What a call to a channel came to. Expected failures are values; a thrown error is a bug of ours. */
export type Outcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: ConnectorError };

export function succeeded<Value>(value: Value): Outcome<Value> {
  return { ok: true, value };
}

export function failed(error: ConnectorError): { readonly ok: false; readonly error: ConnectorError } {
  return { ok: false, error };
}
