// Online Retail's invoice lines as what Onepool would have been told. One event is one message; replays shuffle and repeat them.
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";

import type { Command } from "@onepool/core/ledger/command.ts";
import { parse } from "csv-parse";

/** One message: a command at the time it happened. */
export interface RetailEvent {
  readonly at: number;
  readonly command: Command;
}

export interface RetailHistory {
  readonly skus: readonly string[];
  readonly events: readonly RetailEvent[];
  readonly rows: number;
  readonly left: { readonly notProducts: number };
}

/** How long after payment an order is told to have shipped, in milliseconds: well within the shuffle. */
const SHIPPED_AFTER_MS = 5 * 60_000;

interface Line {
  readonly sku: string;
  readonly quantity: number;
}

interface Invoice {
  readonly id: string;
  readonly at: number;
  readonly lines: Line[];
}

/**
 * Sales become orders, told twice: paid, then shipped. Cancelled invoices (C…) come back sellable, since nothing links them to a sale;
 * stock corrections (negative without C, or without a price) are adjustments. Opening stock covers every sale. Lines
 * that are no products (postage, fees) are left out.
 */
export async function readRetailHistory(path: string): Promise<RetailHistory> {
  const sales = new Map<string, Invoice>();
  const events: RetailEvent[] = [];
  const sold = new Map<string, number>();
  const counts = { rows: 0, notProducts: 0 };
  for await (const record of createReadStream(path)
    .pipe(createGunzip())
    .pipe(parse({ columns: true }))) {
    const row = record as Record<
      "InvoiceNo" | "StockCode" | "Quantity" | "InvoiceDate" | "UnitPrice",
      string
    >;
    counts.rows += 1;
    const sku = row.StockCode.toUpperCase();
    if (!/^\d{5}[A-Z]*$/.test(sku)) {
      counts.notProducts += 1;
      continue;
    }
    const at = Date.parse(`${row.InvoiceDate.replace(" ", "T")}Z`);
    const units = Number(row.Quantity);
    if (units > 0 && Number(row.UnitPrice) !== 0) {
      const invoice = sales.get(row.InvoiceNo) ?? { id: row.InvoiceNo, at, lines: [] };
      invoice.lines.push({ sku, quantity: units });
      sales.set(row.InvoiceNo, invoice);
      sold.set(sku, (sold.get(sku) ?? 0) + units);
    } else {
      sold.set(sku, sold.get(sku) ?? 0);
      events.push({ at, command: correction(row.InvoiceNo, counts.rows, { sku, units, at }) });
    }
  }
  for (const invoice of sales.values()) events.push(...orderEvents(invoice));
  const opening = [...sold]
    .filter(([, units]) => units > 0)
    .map(([sku, units]) => openingStock(sku, units, events));
  events.sort((left, right) => left.at - right.at);
  return {
    skus: [...sold.keys()],
    events: [...opening, ...events],
    rows: counts.rows,
    left: { notProducts: counts.notProducts },
  };
}

function orderEvents({ id, at, lines }: Invoice): RetailEvent[] {
  const numbered = lines.map(({ sku, quantity }, index) => ({ lineId: String(index + 1), sku, quantity }));
  const tell = (status: "paid" | "shipped", updatedAt: number): RetailEvent => ({
    at: updatedAt,
    command: {
      kind: "order",
      source: "channel",
      order: { channel: "web", orderId: id, status, updatedAt, placedAt: at, lines: numbered },
    },
  });
  return [tell("paid", at), tell("shipped", at + SHIPPED_AFTER_MS)];
}

function correction(
  invoice: string,
  row: number,
  { sku, units, at }: { sku: string; units: number; at: number },
): Command {
  const base = {
    kind: "movement",
    sku,
    location: "main",
    externalId: `${invoice}/${row}`,
    occurredAt: at,
  } as const;
  if (invoice.startsWith("C"))
    return { ...base, movement: "return", units: -units, straightToSellable: true };
  return { ...base, movement: "adjustment", units, reason: "stock correction" };
}

function openingStock(sku: string, units: number, events: readonly RetailEvent[]): RetailEvent {
  const at = (events[0]?.at ?? 0) - 86_400_000;
  return {
    at,
    command: {
      kind: "movement",
      movement: "receipt",
      sku,
      location: "main",
      units,
      externalId: `opening/${sku}`,
      occurredAt: at,
    },
  };
}
