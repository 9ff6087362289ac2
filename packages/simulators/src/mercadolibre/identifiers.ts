import type { KeyedRandom } from "../keyed-random.ts";

/** Ids of the real shapes and sizes, rising, with seeded gaps between them. */
export interface Identifiers {
  next(kind: NumericIdKind): number;
}

type NumericIdKind =
  | "app"
  | "user"
  | "item"
  | "variation"
  | "userProduct"
  | "order"
  | "pack"
  | "feedback"
  | "shipment"
  | "payment"
  | "store"
  | "family"
  | "operation"
  | "claim"
  | "return"
  | "buyer";

interface Range {
  first: number;
  /** Ids of one kind are at most this far apart. */
  step: number;
}

const ranges: Record<NumericIdKind, Range> = {
  app: { first: 7_000_000_000_000_001, step: 1 },
  user: { first: 100_200_300, step: 900_000 },
  item: { first: 1_145_397_784, step: 9_000 },
  variation: { first: 178_000_000_000, step: 900 },
  userProduct: { first: 218_060_849, step: 9_000 },
  // Above 2^50 and below 2^53, as the real ones: a reader that keeps them as 32-bit numbers fails here.
  order: { first: 2_000_010_000_000_000, step: 900_000 },
  pack: { first: 2_000_014_000_000_000, step: 900_000 },
  feedback: { first: 5_040_068_000_000, step: 900 },
  shipment: { first: 44_000_000_000, step: 900 },
  payment: { first: 120_000_000_000, step: 9_000 },
  store: { first: 54_936_888, step: 90 },
  family: { first: 9_871_232_123, step: 900 },
  operation: { first: 306_705_012, step: 9_000 },
  claim: { first: 5_200_000_000, step: 900 },
  return: { first: 57_000_000, step: 90 },
  buyer: { first: 300_000_000, step: 9_000 },
};

/** Counters per kind of id. */
export function createIdentifiers(random: KeyedRandom): Identifiers {
  const counts = new Map<NumericIdKind, number>();
  return {
    next(kind) {
      const count = counts.get(kind) ?? 0;
      counts.set(kind, count + 1);
      const { first, step } = ranges[kind];
      return first + count * step + random.between(`id|${kind}|${count}`, 0, step - 1);
    },
  };
}
