import type { Instant } from "@onepool/core/ledger/units.ts";
import type { Hop, LatencySummary } from "@onepool/core/observe/latency-histogram.ts";
import type pg from "pg";

import { readHops } from "./latency-store.ts";

/** Latencies are looked up this often, and over this long. In milliseconds. */
const FRESH_MS = 10_000;
const WINDOW_MS = 3_600_000;

/** Fewer samples say nothing about the slowest in a hundred. */
const FEWEST_SAMPLES = 20;

/** Until a connection was measured: a notification and its reading, and a write with its reading back. In milliseconds. */
const UNMEASURED = { hear: 5_000, show: 10_000 };

/** An order found days late by a first poll says nothing about the next one. In milliseconds. */
const LONGEST_MS = 600_000;

type Measured = ReadonlyMap<string, ReadonlyMap<Hop, LatencySummary>>;

/** How long news take from a sale at a channel until other channels show it: the 99th percentiles of the last hour. */
export interface LatencyOutlook {
  /** From a sale there until our ledger holds it, in milliseconds. */
  hearMs(connection: string): number;
  /** From our ledger until the channel shows it, in milliseconds. */
  showMs(connection: string): number;
  /** No news takes longer than this, in milliseconds. */
  readonly longestMs: number;
}

/** Looks latencies up, seldom. */
export class LatencyOutlooks {
  private readonly known = new Map<number, { readonly at: Instant; readonly outlook: LatencyOutlook }>();

  async of(pool: pg.Pool, sellerId: number, now: Instant): Promise<LatencyOutlook> {
    const known = this.known.get(sellerId);
    if (known !== undefined && now - known.at < FRESH_MS) return known.outlook;
    const outlook = outlookOf(await readHops(pool, sellerId, now - WINDOW_MS));
    this.known.set(sellerId, { at: now, outlook });
    return outlook;
  }
}

function outlookOf(measured: Measured): LatencyOutlook {
  const slowest = (connection: string, hop: Hop): number | null => {
    const summary = measured.get(connection)?.get(hop);
    return summary === undefined || summary.samples < FEWEST_SAMPLES ? null : summary.p99;
  };
  const hearMs = (connection: string): number => {
    const heard = slowest(connection, "event_to_received");
    const committed = slowest(connection, "received_to_committed");
    if (heard === null && committed === null) return UNMEASURED.hear;
    return Math.min(LONGEST_MS, (heard ?? 0) + (committed ?? 0));
  };
  const showMs = (connection: string): number =>
    Math.min(LONGEST_MS, slowest(connection, "committed_to_confirmed") ?? UNMEASURED.show);
  const connections = [...measured.keys()];
  const longestMs =
    Math.max(UNMEASURED.hear, ...connections.map(hearMs)) +
    Math.max(UNMEASURED.show, ...connections.map(showMs));
  return { hearMs, showMs, longestMs };
}
