import type { ConnectorError } from "@onepool/connectors/contract/connector-error.ts";

/** Only a person mends these: the credentials or settings as they stand lead nowhere. */
const LASTING = new Set([
  "reconnect_needed",
  "wrong_credentials",
  "wrong_settings",
  "wrong_secret_key",
  "account_taken",
  "other_account",
]);

/** Whether only a person mends it. */
export function isLasting({ code }: ConnectorError): boolean {
  return LASTING.has(code ?? "");
}

/** How long to leave a connection alone whose access was refused, in milliseconds. A changed one is tried at once. */
export function disconnectedMs(error: ConnectorError): number {
  // A token that was refused although it is new may be an accident of the channel's.
  return isLasting(error) ? 60_000 : 5_000;
}
