import { Counter } from "prom-client";

import type { Metrics } from "../metrics/metrics.ts";

/** What is counted of the publisher. */
export interface PublishMetrics {
  call(kind: string, call: "push" | "read", outcome: string): void;
  drift(kind: string, verdict: string): void;
}

/** Registers the metrics of the stage. */
export function publishMetrics(metrics: Metrics | undefined): PublishMetrics {
  const registers = metrics === undefined ? [] : [metrics];
  const calls = new Counter({
    name: "publish_listing_calls_total",
    help: "Listings that were written or read at a channel, by what came of it",
    labelNames: ["kind", "call", "outcome"],
    registers,
  });
  const drifts = new Counter({
    name: "publish_drift_total",
    help: "Readings that did not show what was left there, by verdict",
    labelNames: ["kind", "verdict"],
    registers,
  });
  return {
    call: (kind, call, outcome) => calls.inc({ kind, call, outcome }),
    drift: (kind, verdict) => drifts.inc({ kind, verdict }),
  };
}
