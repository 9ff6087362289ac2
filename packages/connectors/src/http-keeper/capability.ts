import type { KeeperCapability } from "../contract/keeper/keeper-capability.ts";

export const capability: KeeperCapability = {
  kind: "http-keeper",
  title: "A warehouse that writes to us",
  status: "experimental",
  // It tells, and is never asked: nothing can be read there.
  levels: "pushed",
  levelsAsOf: "exact",
  levelsPerRead: 0,
  // Our API asks for held units beside those on hand.
  onHandIncludesHeld: false,
  saysAllocated: true,
  movements: "pushed",
  movementsSayBefore: true,
  // It may tell of picks before; where it does not, units leave with the shipment.
  onHandDropsAt: "ship",
  documents: { shipments: true, receipts: true, returns: true },
  orders: "fetched",
  inbounds: "fetched",
  levelsIntervalMs: null,
  movementsIntervalMs: null,
  documentsIntervalMs: null,
  documentsOverlapMs: 0,
  clockSkewMs: 60_000,
  // No call is ever made there.
  limits: { reads: { perMinute: 60, burst: 10 }, writes: { perMinute: 60, burst: 10 } },
};
