import type { JsonObject } from "@onepool/core/ledger/json.ts";

/**
 * What the other channels do with the same units while this connection's channel is not seen: sell on and hold back what it
 * has probably sold (the default), stop, or sell on as if nothing were.
 */
export const WHEN_BLIND = ["hold_back", "stop", "sell"] as const;

export type WhenBlind = (typeof WHEN_BLIND)[number];

/** The choice in a connection's settings. */
export function whenBlind(settings: JsonObject): WhenBlind {
  return WHEN_BLIND.find((choice) => choice === settings["whenBlind"]) ?? "hold_back";
}
