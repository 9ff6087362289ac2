import type { KeeperCapability } from "../contract/keeper/keeper-capability.ts";

export const capability: KeeperCapability = {
  kind: "shiphero",
  title: "ShipHero",
  status: "experimental",
  // `warehouse_products`, page by page; the snapshot job where the settings say so (its pages are pending first).
  levels: "poll",
  // A level has `updated_at`, which says when it changed, not when it was true.
  levelsAsOf: "interval",
  // Aliases in one operation, each for one SKU (`sku` is no list).
  levelsPerRead: 20,
  // Units in sellable bins and in totes (ShipHero's staff, community thread 3113); the sample of Inventory Update has 48 on hand
  // beside 250 that are not sellable.
  onHandIncludesHeld: false,
  saysAllocated: true,
  // Webhooks, and `inventory_changes` as the net under them: delivery is not guaranteed (documented).
  movements: "webhook",
  movementsSayBefore: true,
  // What is in a tote is on hand (thread 3113).
  onHandDropsAt: "ship",
  documents: { shipments: true, receipts: true, returns: true },
  orders: "sent",
  inbounds: "sent",
  levelsIntervalMs: 1_800_000,
  movementsIntervalMs: 120_000,
  // Purchase orders and returns cannot be listed by their last change: each list reads half a year of them.
  documentsIntervalMs: 300_000,
  // Not documented: an order that changed while the last list was read is in the next one.
  documentsOverlapMs: 900_000,
  // Times are told in whole seconds.
  clockSkewMs: 30_000,
  // Calls cost credits: 4,004 at most, 60 more each second (second hand). What calls cost is learned from their answers.
  limits: {
    reads: { perMinute: 30, burst: 5 },
    writes: { perMinute: 30, burst: 5 },
  },
};
