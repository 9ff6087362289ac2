import type { Json, JsonObject } from "@onepool/core/ledger/json.ts";

/** Settings with a field of their own, or that nobody but us writes. */
const OWN_FIELDS = new Set([
  "title",
  "baseUrl",
  "tokenUrl",
  "accountId",
  "hookSecret",
  "authorizedAt",
  "limits",
  "wentLive",
  "shipsFrom",
  "whenBlind",
  "bookDriftUpTo",
  "returnOverdueDays",
  "timeZone",
  "locations",
  "items",
  "sendsOrders",
  "files",
  "sftp",
  "nonSellableBins",
]);

export type OptionValue = string | number | boolean;

/** Whether a setting is one that only channels of some kind have. */
export function isOption(name: string): boolean {
  return !OWN_FIELDS.has(name);
}

/** The settings of a connection that only channels of its kind have. */
export function optionsOf(settings: JsonObject): Record<string, OptionValue> {
  const options = Object.entries(settings).filter(
    (entry): entry is [string, OptionValue] => isOption(entry[0]) && isOptionValue(entry[1]),
  );
  return Object.fromEntries(options);
}

function isOptionValue(value: Json | undefined): value is OptionValue {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
