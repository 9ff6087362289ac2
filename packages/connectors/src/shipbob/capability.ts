import type { KeeperCapability } from "../contract/keeper/keeper-capability.ts";

export const capability: KeeperCapability = {
  kind: "shipbob",
  title: "ShipBob",
  status: "experimental",
  // There is no webhook for levels; they are read page by page, and carry no time of their own (2026-01).
  levels: "poll",
  levelsAsOf: "interval",
  // `InventoryIds` is a list in the address; no maximum is published. Kept well below what an address may hold.
  levelsPerRead: 50,
  // `total_exception_quantity` (damaged, lost, under investigation) stands beside `on_hand` and is not told per facility. That it is
  // no part of `on_hand` is assumed: fulfillable is documented as on hand less committed.
  onHandIncludesHeld: false,
  levelsSayHeld: false,
  saysAllocated: true,
  movements: "log",
  // The log tells changes alone.
  movementsSayBefore: false,
  // The log has `OrderPicked` among the events that change what is on hand; `order.shipped` comes later. Inferred.
  onHandDropsAt: "pick",
  documents: { shipments: true, receipts: true, returns: true },
  orders: "sent",
  inbounds: "sent",
  levelsIntervalMs: 900_000,
  movementsIntervalMs: 60_000,
  documentsIntervalMs: 120_000,
  // Not documented; an order that changed while the last list was read is in the next one.
  documentsOverlapMs: 900_000,
  clockSkewMs: 30_000,
  // 150 calls in a sliding minute per user and application (documented), shared by both.
  limits: {
    reads: { perMinute: 100, burst: 20 },
    writes: { perMinute: 40, burst: 10 },
  },
};
