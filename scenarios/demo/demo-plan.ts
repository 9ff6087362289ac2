// From an order file to what happens when: who tries to buy where, what stock opens, when it is over. Pure.
import { createHash } from "node:crypto";

import type { Market } from "../harness/simulated-markets.ts";
import type { OrderRow } from "./order-file.ts";

/** The two simulated accounts, by their connection's code. */
export const CHANNELS = ["amazon", "meli"] as const satisfies readonly Market[];

/** Share of a SKU's demand that lies in the warehouse at the start. */
const OPENING_SHARE = 0.6;

export interface Attempt {
  readonly at: number;
  readonly channel: Market;
  readonly sku: string;
  readonly quantity: number;
  /** When its buyer cancels, if it was accepted. */
  readonly cancelledAt: number | null;
}

export interface PlannedSku {
  readonly sku: string;
  readonly title: string;
  readonly openingUnits: number;
}

export interface DemoPlan {
  readonly skus: readonly PlannedSku[];
  /** In order of time. */
  readonly attempts: readonly Attempt[];
  readonly startsAt: number;
  readonly endsAt: number;
}

export function planDemo(rows: readonly OrderRow[], seed: number): DemoPlan {
  const attempts = rows.map((row) => attempt(row, seed)).toSorted((left, right) => left.at - right.at);
  const first = attempts[0]?.at ?? 0;
  const last = attempts.reduce(
    (latest, { at, cancelledAt }) => Math.max(latest, at, cancelledAt ?? 0),
    first,
  );
  return { skus: plannedSkus(rows), attempts, startsAt: first - 60_000, endsAt: last };
}

function attempt(row: OrderRow, seed: number): Attempt {
  const draw = createHash("sha256").update(`${seed}/${row.orderId}/${row.lineId}`).digest();
  const channel = row.channel ?? (draw.readUInt8(0) % 2 === 0 ? CHANNELS[0] : CHANNELS[1]);
  const isWholeMinute = row.placedAt % 60_000 === 0; // files that know only the minute
  const at = row.placedAt + (isWholeMinute ? draw.readUInt16BE(1) % 60_000 : 0);
  const { sku, quantity } = row;
  const cancelledAt = row.cancelledAt === null ? null : Math.max(at + 60_000, row.cancelledAt);
  return { at, channel, sku, quantity, cancelledAt };
}

function plannedSkus(rows: readonly OrderRow[]): PlannedSku[] {
  const demand = new Map<string, { title: string; units: number }>();
  for (const { sku, title, quantity } of rows)
    demand.set(sku, { title, units: (demand.get(sku)?.units ?? 0) + quantity });
  return [...demand]
    .map(([sku, { title, units }]) => ({
      sku,
      title,
      openingUnits: Math.max(1, Math.floor(units * OPENING_SHARE)),
    }))
    .toSorted((left, right) => (left.sku < right.sku ? -1 : 1));
}
