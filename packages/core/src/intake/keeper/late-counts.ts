import type { Movement } from "../../ledger/command.ts";
import type { Instant, Units } from "../../ledger/units.ts";
import { type Place, placeKey } from "./booking.ts";

/** The last time that keeper and ledger said the same of a SKU. */
export interface VerifiedLevel extends Place {
  readonly asOf: Instant;
  readonly sellable: Units;
}

/**
 * A movement that turns up late was in what the keeper counted already, where both sides agreed since it happened: what they agreed on
 * is told as a count first, so that the movement nets to zero against it (snapshot rule 3). Within the clocks' difference nobody
 * knows which came first: the next levels say.
 */
export function lateCounts(
  connection: string,
  verified: readonly VerifiedLevel[],
  moves: readonly (Place & { readonly occurredAt: Instant })[],
  clockSkewMs: number,
): readonly Movement[] {
  const levels = new Map(verified.map((level) => [placeKey(level), level] as const));
  const late = new Map<string, VerifiedLevel>();
  for (const move of moves) {
    const level = levels.get(placeKey(move));
    if (level === undefined || level.sellable < 0 || move.occurredAt > level.asOf - clockSkewMs) continue;
    late.set(placeKey(move), level);
  }
  return [...late.values()].map(({ sku, location, asOf, sellable }) => ({
    kind: "movement",
    movement: "count",
    sku,
    location,
    units: sellable,
    asOf,
    externalId: `${connection}/verified/${sku}/${location}/${asOf}`,
    reason: `${connection} and the ledger agreed as of then`,
  }));
}
