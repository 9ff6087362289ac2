// A delivery as a keeper tells it: cumulative, so what is booked is the difference to what was booked before.
import type { Movement } from "../../ledger/command.ts";
import type { Units } from "../../ledger/units.ts";
import { adjustmentOf, bare, type Origin, type Place, placeKey, stepId } from "./booking.ts";

export interface InboundPart extends Place {
  readonly expected: Units;
  /** Can be picked. */
  readonly stowed: Units;
  /** Arrived damaged. */
  readonly damaged: Units;
}

export interface InboundDocument {
  readonly parts: readonly InboundPart[];
}

export const EMPTY_INBOUND: InboundDocument = { parts: [] };

/** Joins a state: what arrived never falls; of what is expected the highest word stays, for people. */
export function joinReceipt(known: InboundDocument, told: readonly InboundPart[]): InboundDocument {
  const parts = new Map(known.parts.map((part) => [placeKey(part), part] as const));
  for (const part of summed(told)) {
    const before = parts.get(placeKey(part));
    parts.set(placeKey(part), {
      ...bare(part),
      expected: Math.max(before?.expected ?? 0, part.expected),
      stowed: Math.max(before?.stowed ?? 0, part.stowed),
      damaged: Math.max(before?.damaged ?? 0, part.damaged),
    });
  }
  return { parts: [...parts.values()].toSorted((one, other) => (placeKey(one) < placeKey(other) ? -1 : 1)) };
}

/** What has to be told so that the ledger has `after` where it had `before`. `inboundId`: the delivery is one that we announced. */
export function planReceipt(
  origin: Origin,
  before: InboundDocument,
  after: InboundDocument,
  inboundId: string | null,
): readonly Movement[] {
  const old = new Map(before.parts.map((part) => [placeKey(part), part] as const));
  return after.parts.flatMap((part): Movement[] => {
    const was = old.get(placeKey(part)) ?? { stowed: 0, damaged: 0 };
    const place = bare(part);
    const moves: Movement[] = [];
    if (part.stowed > was.stowed) {
      moves.push({
        kind: "movement",
        movement: "receipt",
        ...place,
        units: part.stowed - was.stowed,
        externalId: stepId(origin, place, `stowed/${was.stowed}-${part.stowed}`),
        occurredAt: origin.occurredAt,
        reason: `stowed by ${origin.connection}, delivery ${origin.document}`,
        ...(inboundId === null ? {} : { inboundId }),
      });
    }
    if (part.damaged > was.damaged) {
      moves.push(
        adjustmentOf(origin, place, {
          bucket: "damaged",
          units: part.damaged - was.damaged,
          step: `damaged/${was.damaged}-${part.damaged}`,
          reason: `arrived damaged at ${origin.connection}, delivery ${origin.document}`,
        }),
      );
    }
    return moves;
  });
}

function summed(told: readonly InboundPart[]): readonly InboundPart[] {
  const parts = new Map<string, InboundPart>();
  for (const part of told) {
    const before = parts.get(placeKey(part));
    parts.set(placeKey(part), {
      ...bare(part),
      expected: (before?.expected ?? 0) + part.expected,
      stowed: (before?.stowed ?? 0) + part.stowed,
      damaged: (before?.damaged ?? 0) + part.damaged,
    });
  }
  return [...parts.values()];
}
