// How a keeper's files are read: settings.files.
import { z } from "zod";

import { isTimeZone } from "../contract/zone-offset.ts";
import { isTimeFormat } from "./file-time.ts";

export const timeZone = z.string().refine(isTimeZone, "not a time zone such as America/Mexico_City");

/** A column: its heading, or its number from 1 on where the file has no headings. */
const column = z.union([z.string().min(1), z.number().int().min(1)]);

const ADJUSTMENT_REASONS = [
  ...(["cycle_count", "received", "damaged", "lost", "found", "destroyed", "hold", "release_hold"] as const),
  ...(["transfer", "kitting", "expired", "recall", "return_restock", "correction", "other"] as const),
] as const;

/** Of CSV, in which a profile is that names no format. */
const common = {
  format: z.literal("csv").optional(),
  /** Of file names: `*` and `?`; the first profile that matches is the file's. */
  match: z.string().min(1).max(200),
  delimiter: z.string().length(1).default(","),
  encoding: z.enum(["utf-8", "latin1"]).default("utf-8"),
  /** Lines before the headings, or before the first row where there are none. */
  skipLines: z.number().int().min(0).max(1_000).default(0),
  timeZone: timeZone.optional(),
  dateFormat: z
    .string()
    .refine(isTimeFormat, "neither ISO nor a pattern of yyyy, MM, dd, HH, mm, ss")
    .default("ISO"),
  /** What the last line looks like when the file is whole. A group `rows` is the number of rows before it. */
  trailer: z.string().max(500).refine(isPattern, "not a regular expression").optional(),
  /** The facility, where no column names it. */
  location: z.string().min(1).optional(),
};

const place = { sku: column, location: column.optional() };

const levels = z.strictObject({
  ...common,
  kind: z.literal("levels"),
  /** `items`: only some of what the keeper has. */
  scope: z.enum(["full", "items"]).default("full"),
  absentMeansZero: z.boolean().default(false),
  /** Whether damaged units and those on hold are part of the number on hand. */
  onHandIncludesHeld: z.boolean().default(false),
  /** How long before it was written a file's content may have been read, where it states no time. In minutes. */
  asOfWithinMinutes: z.number().min(0).max(1_440).default(15),
  columns: z.strictObject({
    ...place,
    onHand: column,
    damaged: column.optional(),
    onHold: column.optional(),
    allocated: column.optional(),
    incoming: column.optional(),
    /** Rows that differ in it are added up; without it, a SKU that stands twice is an error. */
    lot: column.optional(),
    asOf: column.optional(),
  }),
});

const adjustments = z.strictObject({
  ...common,
  kind: z.literal("adjustments"),
  /** What the keeper's codes mean; others are understood by their words. */
  reasons: z.record(z.string(), z.enum(ADJUSTMENT_REASONS)).default({}),
  columns: z.strictObject({
    ...place,
    /** Into (above 0) or out of (below 0) what can be picked. */
    quantity: column,
    /** Into or out of what is damaged or on hold. */
    held: column.optional(),
    reason: column.optional(),
    at: column,
    /** The keeper's own, never used twice: the same adjustment in two files is then one. */
    id: column.optional(),
  }),
});

const shipments = z.strictObject({
  ...common,
  kind: z.literal("shipments"),
  statuses: z.record(z.string(), z.enum(["open", "shipped", "cancelled", "short", "on_hold"])).default({}),
  columns: z.strictObject({
    ...place,
    /** Our reference. */
    reference: column,
    /** The keeper's number of the shipment, or of the order: counts are cumulative within one. */
    document: column.optional(),
    lineId: column.optional(),
    ordered: column.optional(),
    shipped: column,
    shortReason: column.optional(),
    tracking: column.optional(),
    status: column.optional(),
    at: column,
  }),
});

const receipts = z.strictObject({
  ...common,
  kind: z.literal("receipts"),
  statuses: z.record(z.string(), z.enum(["open", "closed", "cancelled"])).default({}),
  columns: z.strictObject({
    ...place,
    /** The keeper's number of the delivery. */
    document: column,
    /** Ours, of the delivery as we announced it. */
    reference: column.optional(),
    expected: column.optional(),
    /** Sellable, cumulative. */
    received: column,
    damaged: column.optional(),
    status: column.optional(),
    at: column,
  }),
});

const returns = z.strictObject({
  ...common,
  kind: z.literal("returns"),
  statuses: z.record(z.string(), z.enum(["announced", "open", "closed", "cancelled"])).default({}),
  columns: z.strictObject({
    ...place,
    /** The keeper's number of the return. */
    document: column,
    reference: column.optional(),
    /** Our reference of the order, or the marketplace's order id. */
    order: column.optional(),
    quantity: column.optional(),
    received: column.optional(),
    restocked: column,
    quarantined: column.optional(),
    disposed: column.optional(),
    missing: column.optional(),
    status: column.optional(),
    at: column,
  }),
});

/** X12 says by itself what it is, and how it is laid out. */
const x12 = z.strictObject({
  format: z.literal("x12"),
  match: common.match,
  encoding: common.encoding,
  timeZone: common.timeZone,
  location: common.location,
  scope: levels.shape.scope,
  absentMeansZero: levels.shape.absentMeansZero,
  onHandIncludesHeld: levels.shape.onHandIncludesHeld,
  /** Whether damaged units (W13) of a receipt are part of those received (W07). */
  receivedIncludesDamaged: z.boolean().default(true),
  /** By which of its codes an item is called: the first qualifier that is there. */
  items: z.array(z.string().length(2)).min(1).max(10).default(["SK", "VN", "UP", "BP"]),
  /** What the keeper's codes mean where it is not what X12 says. */
  reasons: adjustments.shape.reasons,
});

const csv = z.discriminatedUnion("kind", [levels, adjustments, shipments, receipts, returns]);

export const fileProfile = z.discriminatedUnion("format", [csv, x12]);

export type FileProfile = z.output<typeof fileProfile>;
export type CsvProfile = z.output<typeof csv>;
export type X12Profile = z.output<typeof x12>;
export type ProfileOf<Kind extends CsvProfile["kind"]> = Extract<CsvProfile, { readonly kind: Kind }>;

/** The first profile whose name pattern the file's name fits, in whatever case. */
export function profileOf(profiles: readonly FileProfile[], name: string): FileProfile | null {
  return profiles.find(({ match }) => globPattern(match).test(name)) ?? null;
}

function globPattern(glob: string): RegExp {
  const escaped = glob.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll(/\*+/g, ".*").replaceAll("?", ".")}$`, "iu");
}

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, "u") instanceof RegExp;
  } catch {
    return false;
  }
}
