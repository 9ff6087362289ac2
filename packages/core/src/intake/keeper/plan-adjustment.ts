// A keeper's adjustment as movements: between buckets where units only changed their condition, against variance otherwise.
import type { Movement } from "../../ledger/command.ts";
import type { Units } from "../../ledger/units.ts";
import { adjustmentOf, bare, type Origin, type Place, stepId } from "./booking.ts";

export interface OurAdjustment extends Place {
  /** Into or out of what can be picked. */
  readonly sellable: Units;
  /** Into or out of what is damaged or held. */
  readonly held: Units;
  readonly reason: string;
  /** What lies damaged there now: no bucket but sellable goes below 0, and what is not there the next levels will show. */
  readonly damaged: Units;
}

export function planAdjustment(origin: Origin, told: OurAdjustment): readonly Movement[] {
  const { sellable, reason } = told;
  const place = bare(told);
  const held = Math.max(told.held, -told.damaged);
  const spoilt = Math.max(0, Math.min(-sellable, held));
  const mended = Math.max(0, Math.min(sellable, -held));
  const moves: Movement[] = [];
  if (spoilt > 0) {
    moves.push({
      kind: "movement",
      movement: "damage",
      ...place,
      units: spoilt,
      externalId: stepId(origin, place, "damage"),
      occurredAt: origin.occurredAt,
      reason,
    });
  }
  const restHeld = held - spoilt;
  const restSellable = sellable + spoilt;
  if (restHeld !== 0)
    moves.push(adjustmentOf(origin, place, { bucket: "damaged", units: restHeld, step: "held", reason }));
  if (restSellable !== 0) {
    const step = mended > 0 ? "released" : "sellable";
    moves.push(adjustmentOf(origin, place, { bucket: "sellable", units: restSellable, step, reason }));
  }
  return moves;
}
