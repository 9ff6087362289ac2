import type { KeyedRandom } from "../keyed-random.ts";

type IdKind = "seller" | "asin" | "fnSku" | "order" | "orderItem" | "application" | "submission" | "request";

/** Ids of the real shapes, seeded. */
export interface Identifiers {
  next(kind: IdKind): string;
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** Counters per kind of id, so that ids of one kind do not depend on how many of another there were. */
export function createIdentifiers(random: KeyedRandom): Identifiers {
  const counts = new Map<IdKind, number>();

  const digits = (key: string, length: number): string =>
    Array.from({ length }, (_, place) => random.between(`${key}|${place}`, 0, 9)).join("");
  const letters = (key: string, length: number): string =>
    Array.from({ length }, (_, place) => LETTERS.charAt(random.between(`${key}|${place}`, 0, 35))).join("");

  const shapes: Record<IdKind, (key: string, count: number) => string> = {
    seller: (key) => `A${letters(key, 13)}`,
    asin: (key) => `B0${letters(key, 8)}`,
    fnSku: (key) => `X00${letters(key, 7)}`,
    // 3-7-7 digits; the counter keeps them apart, the rest is drawn.
    order: (key, count) => `1${digits(key, 2)}-${digits(`${key}|b`, 7)}-${String(count).padStart(7, "0")}`,
    orderItem: (key, count) => `${1 + (count % 9)}${digits(key, 4)}${String(count).padStart(9, "0")}`,
    application: (key) => `amzn1.sellerapps.app.${random.uuid(key)}`,
    submission: (key) => random.uuid(key),
    request: (key) => random.uuid(key),
  };

  return {
    next(kind) {
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      return shapes[kind](`id|${kind}|${count}`, count);
    },
  };
}
