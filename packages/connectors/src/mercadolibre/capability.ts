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
  // No number is published. 18,000 an hour is the documented sample of `max_requests_per_hour`; what is kept back serves bursts.
  limits: {
    orders: { perMinute: 600, burst: 60 },
    reads: { perMinute: 300, burst: 60 },
    writes: { perMinute: 300, burst: 60 },
  },
};
