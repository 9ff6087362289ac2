import { z } from "zod";

import { given } from "./given.ts";

/** Milliseconds, drawn evenly between both ends. */
const rangeSchema = z
  .strictObject({ min: z.number().min(0), max: z.number().min(0) })
  .refine(({ min, max }) => min <= max, "min must not be above max");

export type MillisecondRange = z.infer<typeof rangeSchema>;

const bucketSchema = z.strictObject({ perMinute: z.number().positive(), burst: z.number().min(1) });

/** `PUT /_sim/settings`: how the marketplace behaves on a good day. Merged into what holds. */
export const settingsSchema = z.strictObject({
  orderClosingGapMs: rangeSchema.optional(),
  accessTokenTtlMs: z.number().positive().optional(),
  notificationLatencyMs: rangeSchema.optional(),
  deliveryTimeoutWallMs: z.number().positive().optional(),
  topicDisabling: z
    .strictObject({
      slowAnswerWallMs: z.number().positive().optional(),
      afterConsecutive: z.number().int().positive().nullable().optional(),
    })
    .optional(),
  writeApplyMs: rangeSchema.optional(),
  userProductSpreadMs: rangeSchema.optional(),
  shipmentDelayMs: rangeSchema.optional(),
  fullRestockMs: rangeSchema.optional(),
  migrationMs: rangeSchema.optional(),
  itemWriteLockMs: z.number().min(0).optional(),
  packSplitGapMs: rangeSchema.optional(),
  cancellationsRestock: z
    .strictObject({ buyer: z.boolean(), seller: z.boolean(), meli: z.boolean() })
    .partial()
    .optional(),
  salesBumpVersion: z.boolean().optional(),
  unlistedWarehouses: z.enum(["keep", "empty"]).optional(),
  limits: z
    .strictObject({
      perMinute: z.number().positive().optional(),
      burst: z.number().min(1).optional(),
      app: bucketSchema.nullable().optional(),
      clientErrorsPerHour: z.number().int().positive().nullable().optional(),
      endpoints: z.record(z.string(), bucketSchema).optional(),
    })
    .optional(),
});

export type SettingsChange = z.infer<typeof settingsSchema>;
export type TokenBucketSetting = z.infer<typeof bucketSchema>;

export interface Settings {
  /** From the order's creation until it is paid and its stock is taken. 2 s and 41 s were measured. */
  orderClosingGapMs: MillisecondRange;
  /** 6 h. */
  accessTokenTtlMs: number;
  /** From the marketplace's `received` to our socket; 0.2 to 1.0 s measured. */
  notificationLatencyMs: MillisecondRange;
  /** Real time, since whoever answers lives in real time. 1000 ms measured. */
  deliveryTimeoutWallMs: number;
  /**
   * A topic is switched off after so many slow or failed answers in a row; null: never. Documented: 500 ms (real
   * time), and that it happens; after how many is not.
   */
  topicDisabling: { slowAnswerWallMs: number; afterConsecutive: number | null };
  /** From the 200 of a quantity write until buyers see it. */
  writeApplyMs: MillisecondRange;
  /** From a change of a user product's stock until each of its items shows it. Documented as asynchronous, no figure. */
  userProductSpreadMs: MillisecondRange;
  /** From the payment until the order names its shipment. */
  shipmentDelayMs: MillisecondRange;
  /** From the cancellation of a Full order until its units are for sale again; about 48 h by the help pages. */
  fullRestockMs: MillisecondRange;
  /** From the start of a migration to user products until the new items sell. Documented as asynchronous, no figure. */
  migrationMs: MillisecondRange;
  /** A write to an item this soon after another one gets 409 optimistic locking (documented: wait seconds). */
  itemWriteLockMs: number;
  /** From the cancellation of a split pack until its new orders are there. */
  packSplitGapMs: MillisecondRange;
  /** Does the marketplace put its unit back: measured by one seller, promised nowhere. */
  cancellationsRestock: Record<"buyer" | "seller" | "meli", boolean>;
  /** Whether a sale makes `x-version` larger: not documented, inferred. */
  salesBumpVersion: boolean;
  /** What a write of depots does to those it does not name: not documented. */
  unlistedWarehouses: "keep" | "empty";
  limits: {
    perMinute: number;
    burst: number;
    /** All calls of a client id together; null: not counted. */
    app: TokenBucketSetting | null;
    /** Refused calls of an app in an hour before it is blocked; null: never. */
    clientErrorsPerHour: number | null;
    endpoints: Record<string, TokenBucketSetting>;
  };
}

/** Documented: 100 requests a minute; that reading and writing count apart is ASSUMED. */
const userProductLimits: Record<string, TokenBucketSetting> = {
  "GET /user-products/:id/stock": { perMinute: 100, burst: 100 },
  "PUT /user-products/:id/stock/type/:type": { perMinute: 100, burst: 100 },
};

export function defaultSettings(): Settings {
  return {
    orderClosingGapMs: { min: 2_000, max: 41_000 },
    accessTokenTtlMs: 21_600_000,
    notificationLatencyMs: { min: 200, max: 1_000 },
    deliveryTimeoutWallMs: 1_000,
    topicDisabling: { slowAnswerWallMs: 500, afterConsecutive: null },
    writeApplyMs: { min: 0, max: 0 },
    userProductSpreadMs: { min: 0, max: 60_000 },
    shipmentDelayMs: { min: 0, max: 0 },
    fullRestockMs: { min: 172_800_000, max: 172_800_000 },
    migrationMs: { min: 0, max: 60_000 },
    itemWriteLockMs: 0,
    packSplitGapMs: { min: 0, max: 5_000 },
    cancellationsRestock: { buyer: true, seller: false, meli: true },
    salesBumpVersion: true,
    unlistedWarehouses: "keep",
    limits: {
      perMinute: 60_000,
      burst: 60_000,
      app: null,
      clientErrorsPerHour: null,
      endpoints: { ...userProductLimits },
    },
  };
}

/** `settings` with the given fields replaced. */
export function mergeSettings(settings: Settings, change: SettingsChange): Settings {
  const { limits, cancellationsRestock, topicDisabling, ...rest } = change;
  const changed = given(rest);
  return {
    ...settings,
    ...changed,
    topicDisabling: { ...settings.topicDisabling, ...given(topicDisabling ?? {}) },
    cancellationsRestock: { ...settings.cancellationsRestock, ...given(cancellationsRestock ?? {}) },
    limits: {
      ...settings.limits,
      ...given({ perMinute: limits?.perMinute, burst: limits?.burst }),
      // null is a value here: not counted.
      ...(limits?.app === undefined ? {} : { app: limits.app }),
      ...(limits?.clientErrorsPerHour === undefined
        ? {}
        : { clientErrorsPerHour: limits.clientErrorsPerHour }),
      endpoints: { ...settings.limits.endpoints, ...limits?.endpoints },
    },
  };
}
