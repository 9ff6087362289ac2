import type { Movement } from "../../ledger/command.ts";
import type { Units } from "../../ledger/units.ts";
import { adjustmentOf, bare, type Origin, type Place, stepId } from "./booking.ts";

/**
 * A level that takes the ledger's place: counts as of its time, so that what turns up late nets to zero against them. Less than
 * nothing, which no count may say, is booked as the difference.
 */
export function bookLevel(
  origin: Origin,
  level: Place & {
    readonly sellable: Units;
    readonly drift: Units;
    /** What the ledger has damaged as of that time, and how far the keeper's word is from it. */
    readonly damaged: Units;
    readonly driftHeld: Units;
  },
  reason: string,
): readonly Movement[] {
  const place = bare(level);
  const moves: Movement[] = [];
  const count = (bucket: "sellable" | "damaged", units: Units): Movement => ({
    kind: "movement",
    movement: "count",
    ...place,
    bucket,
    units,
    asOf: origin.occurredAt,
    externalId: stepId(origin, place, bucket),
    reason,
  });
  if (level.drift !== 0 && level.sellable < 0)
    moves.push(
      adjustmentOf(origin, place, { bucket: "sellable", units: level.drift, step: "level", reason }),
    );
  else if (level.drift !== 0) moves.push(count("sellable", level.sellable));
  if (level.driftHeld !== 0) moves.push(count("damaged", Math.max(0, level.damaged + level.driftHeld)));
  return moves;
}
