import type { Capability } from "../contract/capability.ts";
import { readSettings } from "./settings.ts";

export const capability: Capability = {
  kind: "mercadolibre",
  title: "MercadoLibre",
  status: "experimental",
  push: "absolute",
  // Items have none. User products have `x-version`; whether a sale moves it is not documented: see `capabilityOf`.
  compareAndSet: false,
  // MercadoLibre takes the units off the listing when the order closes (`date_closed`), not when it is created.
  quantityBasis: "gross",
  // 2 s and 41 s were measured between `date_created` and `date_closed`; cash payments stay open for days.
  ownOrderSettlesMs: 60_000,
  quantityMax: 99_999,
  readBatchSize: 20,
  // Items of one user product follow within about a minute; the item itself was never seen late.
  writeAppliesWithinMs: 3_000,
  orderNews: "webhook",
  orderPollIntervalMs: 60_000,
  // Search cuts times to the hour.
  orderPollOverlapMs: 3_600_000,
  // Assumed: an order itself answers 404 for a moment after its notification, and a list is no earlier.
  orderListLagMs: 2_000,
  // It keeps two days, so this is about how soon a lost notification is mended.
  missedNoticesIntervalMs: 180_000,
  // No number is published, and the quota is the app's, not the account's: what is too much is answered with 429, and that
  // halves what we do (SPEED saw 17 in 24 hours with four accounts). These only keep a flood from becoming a block.
  limits: {
    orders: { perMinute: 3_000, burst: 300 },
    orderLists: { perMinute: 600, burst: 60 },
    reads: { perMinute: 1_500, burst: 150 },
    writes: { perMinute: 1_500, burst: 150 },
  },
};

/**
 * The capability of one connection. `salesMoveVersion: true` says that a probe with a test user of its own has shown that a
 * sale moves `x-version`; only then does a write by version exclude a sale that nobody told us of. It holds for user products
 * (and for whatever is written through one); readings of other listings carry no version.
 */
export function capabilityOf(settings: unknown): Capability {
  const read = readSettings(settings);
  return read.ok && read.value.salesMoveVersion ? { ...capability, compareAndSet: true } : capability;
}
