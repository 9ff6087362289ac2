import { z } from "zod";

/** Milliseconds, drawn between both ends. */
const rangeSchema = z
  .strictObject({ min: z.number().min(0), max: z.number().min(0) })
  .refine(({ min, max }) => min <= max, "min must not be above max");

const creditsSchema = z.strictObject({
  max: z.number().int().positive().optional(),
  restorePerSecond: z.number().positive().optional(),
  requestsPerFiveMinutes: z.number().int().positive().optional(),
});

const webhooksSchema = z.strictObject({
  latencyMs: rangeSchema.optional(),
  timeoutWallMs: z.number().positive().optional(),
  retryWaitsMs: z.array(z.number().min(0)).max(20).optional(),
  bodyExpected: z.boolean().optional(),
  messageIdPerAttempt: z.boolean().optional(),
  warningAfterFailures: z.number().int().positive().optional(),
  unhealthyAfterFailures: z.number().int().positive().optional(),
});

const snapshotsSchema = z.strictObject({
  startDelayMs: rangeSchema.optional(),
  productsPerStep: z.number().int().positive().optional(),
  stepMs: z.number().min(0).optional(),
  linkTtlMs: z.number().positive().optional(),
  format: z.enum(["by_account", "by_sku"]).optional(),
  mostProducts: z.number().int().positive().optional(),
});

/** `PUT /_sim/settings`: how the vendor behaves on a good day. Merged into what holds. */
export const settingsSchema = z.strictObject({
  accessTokenTtlMs: z.number().positive().optional(),
  duplicateOrders: z.enum(["refused", "accepted"]).optional(),
  credits: creditsSchema.optional(),
  webhooks: webhooksSchema.optional(),
  snapshots: snapshotsSchema.optional(),
});

export type SettingsChange = z.infer<typeof settingsSchema>;

export interface Settings {
  /** 28 days, documented. */
  accessTokenTtlMs: number;
  /** What a second order with a partner_order_id that is there already meets: no document says. */
  duplicateOrders: "refused" | "accepted";
  credits: {
    max: number;
    restorePerSecond: number;
    requestsPerFiveMinutes: number;
  };
  webhooks: {
    /** From the event to the first attempt; drawn per webhook, so that two of one movement come in either order. */
    latencyMs: { min: number; max: number };
    /** Real time, since whoever answers lives in real time. 10 s, documented. */
    timeoutWallMs: number;
    /** Before the second attempt, the third… Five retries are documented, their distances are assumed. */
    retryWaitsMs: number[];
    /** Does an answer without `{"code":"200"}` count as a failure. */
    bodyExpected: boolean;
    /** Is `X-Shiphero-Message-ID` another one at each retry. No document says. */
    messageIdPerAttempt: boolean;
    /** Failed attempts in a row until WARNING, and until UNHEALTHY, which disables. Assumed. */
    warningAfterFailures: number;
    unhealthyAfterFailures: number;
  };
  snapshots: {
    startDelayMs: { min: number; max: number };
    /** So many products are read at one moment, then the walk pauses for `stepMs`. */
    productsPerStep: number;
    stepMs: number;
    /** 24 h, documented. */
    linkTtlMs: number;
    /** How `products` is keyed: by account and then SKU (documented since 2025), or by SKU alone (older). */
    format: "by_account" | "by_sku";
    /** A snapshot of all warehouses with more products than this fails. */
    mostProducts: number;
  };
}

const minute = 60_000;

export function defaultSettings(): Settings {
  return {
    accessTokenTtlMs: 28 * 24 * 60 * minute,
    duplicateOrders: "refused",
    credits: { max: 4_004, restorePerSecond: 60, requestsPerFiveMinutes: 7_000 },
    webhooks: {
      latencyMs: { min: 200, max: 3_000 },
      timeoutWallMs: 10_000,
      retryWaitsMs: [minute, 5 * minute, 15 * minute, 30 * minute, 60 * minute],
      bodyExpected: true,
      messageIdPerAttempt: false,
      warningAfterFailures: 10,
      unhealthyAfterFailures: 50,
    },
    snapshots: {
      startDelayMs: { min: 2_000, max: 20_000 },
      productsPerStep: 50,
      stepMs: 1_000,
      linkTtlMs: 24 * 60 * minute,
      format: "by_account",
      mostProducts: 50_000,
    },
  };
}

/** The fields that are given, so that a merge leaves the others alone. */
function given<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}

/** `settings` with the given fields replaced. */
export function mergeSettings(settings: Settings, change: SettingsChange): Settings {
  const { credits = {}, webhooks = {}, snapshots = {}, ...rest } = change;
  return {
    ...settings,
    ...given(rest),
    credits: { ...settings.credits, ...given(credits) },
    webhooks: { ...settings.webhooks, ...given(webhooks) },
    snapshots: { ...settings.snapshots, ...given(snapshots) },
  } as Settings;
}
