import type { Capability } from "../contract/capability.ts";

export const capability: Capability = {
  kind: "mercadolibre",
  title: "MercadoLibre",
  status: "experimental",
  push: "absolute",
  // Items have none. User products have `x-version`; whether a sale moves it has not been measured.
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
  orderListLagMs: 0,
  missedNoticesIntervalMs: null,
  // No number is published, and the quota is the app's, not the account's: what is too much is answered with 429, and that
  // halves what we do (SPEED saw 17 in 24 hours with four accounts). These only keep a flood from becoming a block.
  limits: {
    orders: { perMinute: 3_000, burst: 300 },
    orderLists: { perMinute: 600, burst: 60 },
    reads: { perMinute: 1_500, burst: 150 },
    writes: { perMinute: 1_500, burst: 150 },
  },
};
