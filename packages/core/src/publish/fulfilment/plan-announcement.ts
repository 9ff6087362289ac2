import type { InboundStatus } from "../../ledger/records.ts";
import type { Units } from "../../ledger/units.ts";
import type { GivenOrder } from "./plan-fulfilment.ts";

interface Expected {
  readonly sku: string;
  readonly units: Units;
}

/** What a keeper was told of a delivery, as orders are. */
export interface ToldDelivery extends Pick<GivenOrder, "reference" | "state"> {
  readonly lines: readonly Expected[];
}

/**
 * What a keeper is to be told of a delivery: it is announced once, taken back when it is cancelled or when other units are
 * expected, and announced anew once the keeper has let go. What the keeper refused waits for a person.
 */
export function planAnnouncement(
  delivery: { readonly status: InboundStatus; readonly expected: readonly Expected[] },
  told: readonly ToldDelivery[],
): { readonly takeBack: readonly string[]; readonly announces: boolean } {
  const standing = told.filter(({ state }) => state === "wanted" || state === "sent");
  const isWanted = delivery.status === "announced" && delivery.expected.length > 0;
  const wrong = standing.filter(({ lines }) => !isWanted || !isSame(lines, delivery.expected));
  if (wrong.length > 0) return { takeBack: wrong.map(({ reference }) => reference), announces: false };
  const isInTheWay = told.some(({ state }) => state !== "cancelled");
  return { takeBack: [], announces: isWanted && !isInTheWay };
}

function isSame(told: readonly Expected[], expected: readonly Expected[]): boolean {
  if (told.length !== expected.length) return false;
  const units = new Map(told.map((line) => [line.sku, line.units] as const));
  return expected.every((line) => units.get(line.sku) === line.units);
}
