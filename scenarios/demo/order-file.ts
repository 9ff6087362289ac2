// Reads an order file: good rows are kept, bad ones reported with line and reason.
import { createReadStream } from "node:fs";

import { parse, type Info } from "csv-parse";
import { z } from "zod";

import type { Market } from "../harness/simulated-markets.ts";

export interface OrderRow {
  readonly orderId: string;
  /** Position of the line within its order, from 1. */
  readonly lineId: string;
  readonly placedAt: number;
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly cancelledAt: number | null;
  readonly channel: Market | null;
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
/** The most that one buyer can ask the simulated marketplaces for. */
const MAX_UNITS = 1_000_000;

type RawRow = Readonly<Record<string, string | undefined>>;

/** Reads the file; throws one clear sentence when it is no such file at all. */
export async function readOrderFile(path: string, channels: readonly Market[]): Promise<OrderFile> {
  const rows: OrderRow[] = [];
  const bad: BadRow[] = [];
  const lines = new Map<string, number>();
  const schema = rowSchema(channels);
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
    const parsed = schema.safeParse(raw);
    if (!parsed.success) {
      bad.push({ line: info.lines, reason: reasonOf(parsed.error) });
      continue;
    }
    const row = { ...parsed.data, title: parsed.data.title === "" ? parsed.data.sku : parsed.data.title };
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

/** Built once per file: which channels a row may name is the caller's. */
function rowSchema(channels: readonly Market[]) {
  const code = z.string("is missing").min(1, "is empty").max(200, "has more than 200 characters");
  const instant = z.iso
    .datetime({ offset: true, error: "is no ISO 8601 time with offset" })
    .transform((text) => Date.parse(text));
  return z
    .object({
      orderId: code,
      sku: code,
      title: z.string().default(""),
      quantity: z
        .string()
        .regex(/^\d+$/, "is not a whole number of units")
        .transform(Number)
        .refine((units) => units >= 1 && units <= MAX_UNITS, `lies between 1 and ${MAX_UNITS}`),
      placedAt: instant,
      cancelledAt: z.union([z.literal("").transform(() => null), instant]).default(null),
      channel: z
        .union([z.literal("").transform(() => null), z.enum(channels)], `is ${channels.join(" or ")}`)
        .default(null),
    })
    .refine(({ placedAt, cancelledAt }) => cancelledAt === null || cancelledAt >= placedAt, {
      path: ["cancelledAt"],
      error: "lies before placedAt",
    });
}

/** What is wrong with a row, in one sentence that names the columns. */
function reasonOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join(".")} ${message}`).join("; ");
}
