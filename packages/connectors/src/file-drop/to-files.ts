// Orders, deliveries and cancellations as CSV: our own columns, documented in the README, in UTF-8.
import type { FulfilmentOrder, InboundAnnouncement, ShipTo } from "../contract/keeper/keeper.ts";

const ORDER_COLUMNS = [
  ...([
    "reference",
    "order_number",
    "placed_at",
    "location",
    "line_id",
    "sku",
    "units",
    "shipping_method",
  ] as const),
  ...([
    "name",
    "address1",
    "address2",
    "city",
    "region",
    "postal_code",
    "country",
    "phone",
    "email",
  ] as const),
] as const;

/** One row per line. */
export function orderFile(order: FulfilmentOrder): string {
  const { reference, orderNumber, placedAt, facility, shippingMethod } = order;
  const head = [reference, orderNumber, time(placedAt), facility];
  const { name, address1, address2, city, region, postalCode, country, phone, email } =
    order.shipTo ?? NOWHERE;
  const address = [name, address1, address2, city, region, postalCode, country, phone, email];
  const rows = order.lines.map(({ lineId, item, units }) => [
    ...head,
    lineId,
    item,
    String(units),
    shippingMethod,
    ...address,
  ]);
  return csv([ORDER_COLUMNS, ...rows]);
}

const NOWHERE: Partial<ShipTo> = {};

export function inboundFile({ reference, facility, expectedAt, lines }: InboundAnnouncement): string {
  const expected = expectedAt === null ? "" : time(expectedAt);
  const rows = lines.map(({ item, units }) => [reference, facility, expected, item, String(units)]);
  return csv([["reference", "location", "expected_at", "sku", "units"], ...rows]);
}

export function cancellationFile(what: "order" | "inbound", reference: string, at: number): string {
  return csv([
    ["reference", "what", "cancelled_at"],
    [reference, what, time(at)],
  ]);
}

function time(at: number): string {
  return new Date(at).toISOString();
}

/** Lines end as RFC 4180 says. */
function csv(rows: readonly (readonly (string | null | undefined)[])[]): string {
  return rows.map((cells) => `${cells.map((cell) => quoted(cell ?? "")).join(",")}\r\n`).join("");
}

/** A buyer's name that begins like a formula must not be one in the warehouse's spreadsheet. */
function quoted(cell: string): string {
  const safe = /^[=+@\t\r]|^-(?!\d+$)/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
