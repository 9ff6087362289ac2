import type { KeyedRandom } from "../keyed-random.ts";

type Kind =
  | "order"
  | "shipment"
  | "receiving"
  | "return"
  | "inventory"
  | "product"
  | "variant"
  | "historyEvent";

/** Numbers in ShipBob's manner: each kind counts up by itself from a start that the seed gives. */
export interface Identifiers {
  next(kind: Kind): number;
}

const LOWEST = 1_000_000;
const HIGHEST = 400_000_000;

export function createIdentifiers(random: KeyedRandom): Identifiers {
  const last = new Map<Kind, number>();
  return {
    next(kind) {
      const id = (last.get(kind) ?? random.between(`firstId|${kind}`, LOWEST, HIGHEST)) + 1;
      last.set(kind, id);
      return id;
    },
  };
}
