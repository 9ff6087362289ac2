// How what a keeper says is told to the ledger: as movements whose external ids name the document and the step of its counts, so
// that telling them again moves nothing.
import type { Movement } from "../../ledger/command.ts";
import type { Instant, Units } from "../../ledger/units.ts";

/** What a movement comes from: a fact, or a document as it stands. */
export interface Origin {
  readonly connection: string;
  /** The fact's or the document's id at the keeper. */
  readonly document: string;
  readonly occurredAt: Instant;
}

/** A SKU at a place of ours. */
export interface Place {
  readonly sku: string;
  readonly location: string;
}

/** The external id of one step: `step` tells the steps of a document at a place apart, by kind and counts. */
export function stepId({ connection, document }: Origin, { sku, location }: Place, step: string): string {
  return [connection, document, sku, location, step].join("/");
}

/** Units into (above 0) or out of (below 0) a bucket that nothing else accounts for. */
export function adjustmentOf(
  origin: Origin,
  place: Place,
  move: {
    readonly bucket: "sellable" | "damaged";
    readonly units: Units;
    readonly step: string;
    readonly reason: string;
  },
): Movement {
  const { bucket, units, step, reason } = move;
  return {
    kind: "movement",
    movement: "adjustment",
    ...bare(place),
    bucket,
    units,
    externalId: stepId(origin, place, step),
    occurredAt: origin.occurredAt,
    reason,
  };
}

/** A keeper's own words after ours, cut to what a reason may hold. */
export function reasonWith(ours: string, theirs: string | undefined): string {
  return (theirs === undefined || theirs === "" ? ours : `${ours}: ${theirs}`).slice(0, 200);
}

/** The place alone, of something that carries more. */
export function bare({ sku, location }: Place): Place {
  return { sku, location };
}

/** A place as a key. */
export function placeKey({ sku, location }: Place): string {
  return JSON.stringify([sku, location]);
}
