import type { KeeperCapability } from "../contract/keeper/keeper-capability.ts";

export const capability: KeeperCapability = {
  kind: "file-drop",
  title: "Files",
  status: "experimental",
  levels: "file",
  // A time that a file states only to the day or to the minute, or that is taken from the file itself, becomes an interval.
  levelsAsOf: "interval",
  levelsPerRead: 0,
  // Whichever way a file counts: its profile says so, and held units are taken out as it is read.
  onHandIncludesHeld: false,
  saysAllocated: true,
  movements: "file",
  movementsSayBefore: false,
  // Files tell of an order when it has left.
  onHandDropsAt: "ship",
  documents: { shipments: true, receipts: true, returns: true },
  orders: "file",
  inbounds: "file",
  levelsIntervalMs: null,
  movementsIntervalMs: 30_000,
  documentsIntervalMs: null,
  documentsOverlapMs: 0,
  // Times in files are of the warehouse's own clock, which nobody promises anything about.
  clockSkewMs: 60_000,
  // Nobody counts calls on a folder; an SFTP server is logged into once for each.
  limits: {
    reads: { perMinute: 120, burst: 20 },
    writes: { perMinute: 120, burst: 20 },
  },
};
