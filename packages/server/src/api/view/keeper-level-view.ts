import type { z } from "zod";

import type { LevelRow } from "../../intake/keeper/keeper-level-store.ts";
import type { keeperLevel } from "../routes/list-keeper-levels/schema.ts";
import { instantText } from "./instant-text.ts";

export function keeperLevelView(row: LevelRow): z.output<typeof keeperLevel> {
  const { location, sku, item, sellable, held, allocated, expected, expectedHeld } = row;
  const { drift, driftHeld, state, strikes, likelyCause, bookedUnits } = row;
  return {
    location,
    sku,
    item,
    sellable,
    held,
    allocated,
    asOf: { from: instantText(row.asOfFrom), to: instantText(row.asOfTo) },
    expected,
    expectedHeld,
    drift,
    driftHeld,
    state,
    strikes,
    firstDriftAt: instantText(row.firstDriftAt),
    likelyCause,
    verifiedAsOf: instantText(row.verifiedAsOf),
    recountWantedAt: instantText(row.recountWantedAt),
    acceptedAt: instantText(row.acceptedAt),
    bookedAt: instantText(row.bookedAt),
    bookedUnits,
  };
}
