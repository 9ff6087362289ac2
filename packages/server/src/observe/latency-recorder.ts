import { type Hop, HOPS, latencyBucket } from "@onepool/core/observe/latency-histogram.ts";
import type pg from "pg";
import { Histogram } from "prom-client";

import { Pulse } from "../connections/pulse.ts";
import type { Log } from "../log/log.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { addLatencies, forgetLatencies, type LatencyCount } from "./latency-store.ts";

export interface LatencyRecorderOptions {
  readonly pool: pg.Pool;
  readonly clock: { now(): number };
  readonly log: Log;
  readonly metrics?: Metrics;
}

/** Samples are written this often, in milliseconds: what a crash takes is statistics, never a fact. */
const FLUSH_MS = 2_000;

const MINUTE_MS = 60_000;

/** Histograms are kept this long, in milliseconds. */
const KEPT_MS = 14 * 24 * 3_600_000;

/** Old histograms are looked for this often, in milliseconds. */
const FORGET_MS = 3_600_000;

/** Counts how long the hops take: in memory at first, then in the database for everybody. */
export class LatencyRecorder {
  private readonly options: LatencyRecorderOptions;
  private readonly pulse: Pulse;
  private readonly histogram: Histogram<"hop" | "kind"> | null;
  private counts = new Map<string, LatencyCount>();
  private forgottenAt: number;

  constructor(options: LatencyRecorderOptions) {
    const { log, metrics, clock } = options;
    this.options = options;
    this.forgottenAt = clock.now();
    this.histogram = metrics === undefined ? null : histogramIn(metrics);
    this.pulse = new Pulse({
      name: "latency",
      stage: "observe",
      log,
      idleMs: FLUSH_MS,
      work: () => this.flush(),
    });
    this.pulse.wake();
  }

  /** One hop of a connection of `kind` took `ms`. Clocks of others may differ from ours: less than nothing counts as nothing. */
  took(
    connection: { readonly sellerId: number; readonly code: string; readonly kind: string },
    hop: Hop,
    ms: number,
  ): void {
    const { sellerId, code } = connection;
    const minute = Math.floor(this.options.clock.now() / MINUTE_MS) * MINUTE_MS;
    const bucket = latencyBucket(ms);
    const key = `${sellerId} ${minute} ${bucket} ${hop} ${code}`;
    const samples = (this.counts.get(key)?.samples ?? 0) + 1;
    this.counts.set(key, { sellerId, connection: code, hop, minute, bucket, samples });
    this.histogram?.observe({ hop, kind: connection.kind }, Math.max(0, ms) / 1_000);
  }

  async close(): Promise<void> {
    await this.pulse.close();
    try {
      await this.flush();
    } catch (error) {
      this.options.log.warn({ stage: "observe", err: error }, "the last latencies were not kept");
    }
  }

  private async flush(): Promise<void> {
    const { pool, clock } = this.options;
    const now = clock.now();
    if (now - this.forgottenAt > FORGET_MS) {
      this.forgottenAt = now;
      await forgetLatencies(pool, now - KEPT_MS);
    }
    const counts = [...this.counts.values()];
    if (counts.length === 0) return;
    this.counts = new Map();
    await addLatencies(pool, counts);
  }
}

/** In seconds, as Prometheus wants it. */
function histogramIn(metrics: Metrics): Histogram<"hop" | "kind"> {
  return new Histogram({
    name: "observe_hop_seconds",
    help: `How long the hops between a sale and its effect take (${HOPS.join(", ")})`,
    labelNames: ["hop", "kind"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800],
    registers: [metrics],
  });
}
