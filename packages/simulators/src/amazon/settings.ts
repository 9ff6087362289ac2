import { z } from "zod";

/** Milliseconds, drawn between both ends. */
const rangeSchema = z
  .strictObject({ min: z.number().min(0), max: z.number().min(0) })
  .refine(({ min, max }) => min <= max, "min must not be above max");

const bucketSchema = z.strictObject({ rate: z.number().positive(), burst: z.number().min(1) });

export type Bucket = z.infer<typeof bucketSchema>;

const limitsSchema = z.strictObject({
  factor: z.number().positive().optional(),
  operations: z.record(z.string(), bucketSchema).optional(),
  header: z.enum(["documented", "always", "never"]).optional(),
});

const notificationsSchema = z.strictObject({
  level: z.enum(["order", "item", "both"]).optional(),
  pending: z.boolean().optional(),
  omitOptionalFields: z.boolean().optional(),
  nullPurchaseDate: z.boolean().optional(),
});

/** `PUT /_sim/settings`: how the marketplace behaves on a good day. Merged into what holds. */
export const settingsSchema = z.strictObject({
  orderClosingGapMs: rangeSchema.optional(),
  orderSearchLagMs: z.number().min(0).optional(),
  orderReadLagMs: z.number().min(0).optional(),
  accessTokenTtlMs: z.number().positive().optional(),
  notificationLatencyMs: rangeSchema.optional(),
  deliveryTimeoutWallMs: z.number().positive().optional(),
  writeApplyMs: rangeSchema.optional(),
  writeTail: z
    .strictObject({ share: z.number().min(0).max(1), minMs: z.number().min(0), maxMs: z.number().min(0) })
    .refine(({ minMs, maxMs }) => minMs <= maxMs, "minMs must not be above maxMs")
    .optional(),
  cancelledItemsKeepQuantity: z.boolean().optional(),
  cancelOrderAvailable: z.boolean().optional(),
  limits: limitsSchema.optional(),
  notifications: notificationsSchema.optional(),
});

export type SettingsChange = z.infer<typeof settingsSchema>;

export interface Settings {
  /** From the order's placement (Pending) until it is Unshipped; drawn with most of the weight near `min`. */
  orderClosingGapMs: { min: number; max: number };
  /** How far searchOrders runs behind. About 2 minutes, documented. */
  orderSearchLagMs: number;
  /** How far getOrder runs behind. */
  orderReadLagMs: number;
  /** 1 h, documented. */
  accessTokenTtlMs: number;
  /** From the change to the queue or the tap. */
  notificationLatencyMs: { min: number; max: number };
  /** Real time, since whoever answers the tap lives in real time. */
  deliveryTimeoutWallMs: number;
  /** From ACCEPTED until buyers see it, for most submissions. */
  writeApplyMs: { min: number; max: number };
  /** The share of submissions that take much longer, and how much. */
  writeTail: { share: number; minMs: number; maxMs: number };
  /** Does a cancelled item still tell what was ordered, or 0. */
  cancelledItemsKeepQuantity: boolean;
  /** `cancelOrder` was taken out of the official model in May 2026. */
  cancelOrderAvailable: boolean;
  limits: {
    /** Multiplies every rate and burst; a burst never falls below 1. */
    factor: number;
    /** By operation id, in place of the documented ones. */
    operations: Record<string, Bucket>;
    /** On which answers `x-amzn-RateLimit-Limit` stands. */
    header: "documented" | "always" | "never";
  };
  notifications: {
    /** One message per order, per item, or both. */
    level: "order" | "item" | "both";
    /** Is a change into Pending told. Sources contradict each other. */
    pending: boolean;
    omitOptionalFields: boolean;
    nullPurchaseDate: boolean;
  };
}

export function defaultSettings(): Settings {
  return {
    orderClosingGapMs: { min: 2_000, max: 1_800_000 },
    orderSearchLagMs: 120_000,
    orderReadLagMs: 0,
    accessTokenTtlMs: 3_600_000,
    notificationLatencyMs: { min: 500, max: 5_000 },
    deliveryTimeoutWallMs: 5_000,
    writeApplyMs: { min: 200, max: 5_000 },
    writeTail: { share: 0.01, minMs: 30_000, maxMs: 3_600_000 },
    cancelledItemsKeepQuantity: true,
    cancelOrderAvailable: false,
    limits: { factor: 1, operations: {}, header: "documented" },
    notifications: { level: "order", pending: true, omitOptionalFields: false, nullPurchaseDate: false },
  };
}

/** The fields that are given, so that a merge leaves the others alone. */
function given<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}

/** `settings` with the given fields replaced. */
export function mergeSettings(settings: Settings, change: SettingsChange): Settings {
  const { limits = {}, notifications = {}, ...rest } = change;
  return {
    ...settings,
    ...given(rest),
    limits: {
      ...settings.limits,
      ...given(limits),
      operations: { ...settings.limits.operations, ...limits.operations },
    },
    notifications: { ...settings.notifications, ...given(notifications) },
  } as Settings;
}
