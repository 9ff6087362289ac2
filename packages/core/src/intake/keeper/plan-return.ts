// A return's way through the buckets: received into quality control, and out of it as the keeper graded it. Nothing is sellable
// before the keeper restocked it.
import type { Movement, OrderLineRef } from "../../ledger/command.ts";
import type { Component } from "../../ledger/records.ts";
import type { Units } from "../../ledger/units.ts";
import { adjustmentOf, bare, type Origin, type Place, placeKey, stepId } from "./booking.ts";
import { gradedOf, type Graded, type ReturnDocument, type ReturnPart } from "./merge-return.ts";

/** An order's line that units may have come back for. */
export interface SoldLine extends OrderLineRef {
  readonly recipe: readonly Component[] | null;
  /** Units of each SKU that left and did not come back yet. */
  readonly out: Readonly<Record<string, Units>>;
}

const NOTHING: Graded = { arrived: 0, sellable: 0, damaged: 0, lost: 0 };

/** `sold`: the lines of the return's order, empty for one that nobody announced. */
export function planReturn(
  origin: Origin,
  before: ReturnDocument,
  after: ReturnDocument,
  sold: readonly SoldLine[],
): readonly Movement[] {
  const old = new Map(before.parts.map((part) => [placeKey(part), part] as const));
  return after.parts.flatMap((part) => {
    const was = old.get(placeKey(part));
    const from = was === undefined ? NOTHING : gradedOf(was);
    return [...arrivals(origin, part, from, sold), ...gradings(origin, part, from)];
  });
}

function arrivals(
  origin: Origin,
  part: ReturnPart,
  from: Graded,
  sold: readonly SoldLine[],
): readonly Movement[] {
  const place = bare(part);
  let done = from.arrived;
  const receive = (units: Units, order: OrderLineRef | null): Movement => {
    const step = `arrived/${done}-${done + units}`;
    done += units;
    return {
      kind: "movement",
      movement: "return",
      ...place,
      units,
      externalId: stepId(origin, place, step),
      occurredAt: origin.occurredAt,
      reason: `return ${origin.document} at ${origin.connection}`,
      straightToSellable: false,
      ...(order === null ? {} : { order }),
    };
  };
  const moves: Movement[] = [];
  let rest = part.arrived - from.arrived;
  const lines = sold.filter(({ recipe }) => recipe?.some(({ sku }) => sku === part.sku) === true);
  for (const { channel, orderId, lineId, out } of lines) {
    const units = Math.min(rest, Object.hasOwn(out, part.sku) ? (out[part.sku] ?? 0) : 0);
    if (units <= 0) continue;
    rest -= units;
    moves.push(receive(units, { channel, orderId, lineId }));
  }
  // More than the order had out: somebody's goods all the same.
  if (rest > 0) moves.push(receive(rest, null));
  return moves;
}

/** Takes from what waits first, then from what had been graded otherwise before. */
function gradings(origin: Origin, part: ReturnPart, from: Graded): readonly Movement[] {
  const place = bare(part);
  const to = gradedOf(part);
  // A bucket may have the same count twice on the way; what was told only rises.
  const counts = [part.arrived, part.restocked, part.quarantined, part.disposed].join("-");
  const moves: Movement[] = [];
  let waiting = part.arrived - from.sellable - from.damaged - from.lost;
  let spare = {
    sellable: Math.max(0, from.sellable - to.sellable),
    damaged: Math.max(0, from.damaged - to.damaged),
  };
  for (const bucket of ["lost", "sellable", "damaged"] as const) {
    let wanted = to[bucket] - from[bucket];
    if (wanted <= 0) continue;
    const graded = Math.min(wanted, waiting);
    waiting -= graded;
    wanted -= graded;
    const step = `${bucket}/${from[bucket]}-${to[bucket]}/of-${counts}`;
    if (graded > 0) moves.push(grade(origin, place, { to: bucket, units: graded, step }));
    for (const source of ["damaged", "sellable"] as const) {
      const moved = source === bucket ? 0 : Math.min(wanted, spare[source]);
      if (moved <= 0) continue;
      wanted -= moved;
      spare = { ...spare, [source]: spare[source] - moved };
      const reason = `return ${origin.document}: ${source} before, ${bucket} now`;
      moves.push(
        adjustmentOf(origin, place, {
          bucket: source,
          units: -moved,
          step: `${step}/from-${source}`,
          reason,
        }),
      );
      if (bucket !== "lost")
        moves.push(adjustmentOf(origin, place, { bucket, units: moved, step: `${step}/to`, reason }));
    }
  }
  return moves;
}

function grade(
  origin: Origin,
  place: Place,
  {
    to,
    units,
    step,
  }: { readonly to: "sellable" | "damaged" | "lost"; readonly units: Units; readonly step: string },
): Movement {
  return {
    kind: "movement",
    movement: "grade",
    ...place,
    to,
    units,
    externalId: stepId(origin, place, step),
    occurredAt: origin.occurredAt,
    reason: `return ${origin.document} graded by ${origin.connection}`,
  };
}
