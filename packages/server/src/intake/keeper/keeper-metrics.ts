import { Counter } from "prom-client";

import type { Metrics } from "../../metrics/metrics.ts";
import type { FactWay, Stored } from "./keeper-fact-store.ts";
import type { ReadWay } from "./progress-store.ts";

/** What is counted of the ways in. */
export interface KeeperMetrics {
  delivery(outcome: "stored" | "ignored" | "malformed" | "unverified" | "unknown"): void;
  fact(way: FactWay, outcome: Stored): void;
  reading(way: ReadWay, outcome: "complete" | "waits" | "failed" | "lost"): void;
}

export function keeperMetrics(metrics: Metrics | undefined): KeeperMetrics {
  const registers = metrics === undefined ? [] : [metrics];
  const deliveries = new Counter({
    name: "intake_keeper_deliveries_total",
    help: "What keepers posted to us, by what became of it",
    labelNames: ["outcome"],
    registers,
  });
  const facts = new Counter({
    name: "intake_keeper_facts_total",
    help: "Facts that keepers told, by the way they came and whether they were new",
    labelNames: ["way", "outcome"],
    registers,
  });
  const readings = new Counter({
    name: "intake_keeper_readings_total",
    help: "Turns of reading at keepers, by how they ended",
    labelNames: ["way", "outcome"],
    registers,
  });
  return {
    delivery: (outcome) => deliveries.inc({ outcome }),
    fact: (way, outcome) => facts.inc({ way, outcome }),
    reading: (way, outcome) => readings.inc({ way, outcome }),
  };
}
