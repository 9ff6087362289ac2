// Reads an order file: good rows are kept, bad ones reported with line and reason.
import { createReadStream } from "node:fs";

import { parse, type Info } from "csv-parse";

export interface OrderRow {
  readonly orderId: string;
  /** Position of the line within its order, from 1. */
  readonly lineId: string;
  readonly placedAt: number;
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly cancelledAt: number | null;
  readonly channel: string | null;
}

export interface BadRow {
  readonly line: number;
  readonly reason: string;
}

export interface OrderFile {
  readonly rows: readonly OrderRow[];
  readonly bad: readonly BadRow[];
}

const REQUIRED = ["orderId", "placedAt", "sku", "quantity"] as const;
const MAX_UNITS = 1_000_000_000;

type RawRow = Readonly<Record<string, string | undefined>>;

/** Reads the file; throws one clear sentence when it is no such file at all. */
export async function readOrderFile(path: string, channels: readonly string[]): Promise<OrderFile> {
  const rows: OrderRow[] = [];
  const bad: BadRow[] = [];
  const lines = new Map<string, number>();
  const parser = createReadStream(path).pipe(
    parse({
      columns: checkedHeader,
      bom: true,
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
      trim: true,
    }),
  );
  for await (const record of parser) {
    const { record: raw, info } = record as { record: RawRow; info: Info };
    const row = orderRow(raw, channels);
    if (typeof row === "string") {
      bad.push({ line: info.lines, reason: row });
      continue;
    }
    const position = (lines.get(row.orderId) ?? 0) + 1;
    lines.set(row.orderId, position);
    rows.push({ ...row, lineId: String(position) });
  }
  return { rows, bad };
}

function checkedHeader(header: readonly string[]): string[] {
  const missing = REQUIRED.filter((column) => !header.includes(column));
  if (missing.length > 0)
    throw new Error(
      `The order file's first row lacks the column ${missing.join(", ")}: see scenarios/demo/README.md.`,
    );
  return [...header];
}

function orderRow(raw: RawRow, channels: readonly string[]): Omit<OrderRow, "lineId"> | string {
  const { orderId = "", sku = "", title = "", channel = "" } = raw;
  for (const [column, code] of [
    ["orderId", orderId],
    ["sku", sku],
  ] as const) {
    if (code.length === 0 || code.length > 200) return `${column} has 1 to 200 characters`;
  }
  const quantity = Number(raw["quantity"]);
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > MAX_UNITS)
    return `quantity is whole units from 1 to ${MAX_UNITS}, not "${raw["quantity"] ?? ""}"`;
  const placedAt = instant(raw["placedAt"]);
  if (placedAt === null) return `placedAt is an ISO 8601 time with offset, not "${raw["placedAt"] ?? ""}"`;
  const isCancelled = (raw["cancelledAt"] ?? "") !== "";
  const cancelledAt = isCancelled ? instant(raw["cancelledAt"]) : null;
  if (isCancelled && cancelledAt === null)
    return `cancelledAt is an ISO 8601 time with offset, not "${raw["cancelledAt"] ?? ""}"`;
  if (cancelledAt !== null && cancelledAt < placedAt) return "cancelledAt lies before placedAt";
  if (channel !== "" && !channels.includes(channel))
    return `channel is ${channels.join(" or ")}, not "${channel}"`;
  return {
    orderId,
    sku,
    title: title === "" ? sku : title,
    quantity,
    placedAt,
    cancelledAt,
    channel: channel === "" ? null : channel,
  };
}

function instant(text: string | undefined): number | null {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text))
    return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}
