import { z } from "zod";

const ms = z.number().min(0);

const rangeSchema = z
  .strictObject({ min: ms, max: ms })
  .refine(({ min, max }) => min <= max, "min must not be above max");

/** `PUT /_sim/settings`: how the keeper behaves on a good day. Merged into what holds. */
export const settingsSchema = z.strictObject({
  requestsPerMinute: z.number().int().positive().optional(),
  webhookLatencyMs: rangeSchema.optional(),
  deliveryTimeoutWallMs: z.number().positive().optional(),
  retryWaitsMs: z.array(ms).max(20).optional(),
  disableAfterMs: ms.optional(),
  orderShippedPer: z.enum(["shipment", "order"]).optional(),
  historyTimes: z.enum(["zoneless", "utc"]).optional(),
  sandbox: z.boolean().optional(),
});

export type SettingsChange = z.infer<typeof settingsSchema>;

export interface Settings {
  /** Per token, over a sliding minute. 150, documented. */
  requestsPerMinute: number;
  webhookLatencyMs: { min: number; max: number };
  /** Real time, since whoever answers lives in real time. 15 s, documented. */
  deliveryTimeoutWallMs: number;
  /** Waits before the 2nd attempt and those after it, documented. */
  retryWaitsMs: number[];
  /** An endpoint that only failed for so long is switched off. About 5 days, documented. */
  disableAfterMs: number;
  /** Pages differ: `order.shipped` per shipment, or once when all labels of the order are printed. */
  orderShippedPer: "shipment" | "order";
  /** Documented examples of the history have no zone; they are UTC (ASSUMED). */
  historyTimes: "zoneless" | "utc";
  /** `POST simulate/shipment` exists in the sandbox only, documented. */
  sandbox: boolean;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

export function defaultSettings(): Settings {
  return {
    requestsPerMinute: 150,
    webhookLatencyMs: { min: 200, max: 2_000 },
    deliveryTimeoutWallMs: 15 * SECOND_MS,
    retryWaitsMs: [
      5 * SECOND_MS,
      5 * MINUTE_MS,
      30 * MINUTE_MS,
      2 * HOUR_MS,
      5 * HOUR_MS,
      10 * HOUR_MS,
      10 * HOUR_MS,
    ],
    disableAfterMs: 5 * 24 * HOUR_MS,
    orderShippedPer: "shipment",
    historyTimes: "zoneless",
    sandbox: true,
  };
}

/** `settings` with the given fields replaced. */
export function mergeSettings(settings: Settings, change: SettingsChange): Settings {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...settings, ...Object.fromEntries(given) };
}
