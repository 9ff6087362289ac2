import type { Spread } from "./sku-draw.ts";

/** One way of asking: how orders are spread, how many go in one call, how many callers there are. */
export interface Setting {
  readonly spread: Spread;
  /** Orders of one line each. */
  readonly ordersPerCall: number;
  readonly callers: number;
}

/** Every combination. */
export function settingsOf(all: {
  readonly ordersPerCall: readonly number[];
  readonly callers: readonly number[];
}): readonly Setting[] {
  return (["spread", "hot"] as const).flatMap((spread) =>
    all.ordersPerCall.flatMap((ordersPerCall) =>
      all.callers.map((callers) => ({ spread, ordersPerCall, callers })),
    ),
  );
}
