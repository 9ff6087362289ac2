import { Counter, Gauge, Histogram, type Registry } from "prom-client";

import type { WriteFailure } from "./write-failure.ts";

/** What is counted of the ledger's batches. */
export interface LedgerMetrics {
  /** A batch stands. */
  committed(batch: { readonly commands: number; readonly entries: number; readonly seconds: number }): void;
  failed(failure: WriteFailure): void;
  turnedAway(submissions: number): void;
}

/** Registers the metrics of the stage. `waiting` counts the submissions of all sellers that wait for a batch. */
export function ledgerMetrics(registry: Registry, waiting: () => number): LedgerMetrics {
  const registers = [registry];
  const commands = new Histogram({
    name: "ledger_batch_commands",
    help: "Commands per batch",
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000],
    registers,
  });
  const seconds = new Histogram({
    name: "ledger_commit_seconds",
    help: "From taking a batch to its commit",
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  });
  const entries = new Counter({ name: "ledger_entries_total", help: "Entries recorded", registers });
  const failures = new Counter({
    name: "ledger_batch_failures_total",
    help: "Batches that failed and were decided again or refused, by reason",
    labelNames: ["reason"],
    registers,
  });
  const overloads = new Counter({
    name: "ledger_turned_away_total",
    help: "Submissions turned away because too many waited, or the database was away too long",
    registers,
  });
  const gauge: Gauge = new Gauge({
    name: "ledger_waiting_submissions",
    help: "Submissions that wait for a batch",
    registers,
    collect: () => gauge.set(waiting()),
  });
  return {
    committed(batch) {
      commands.observe(batch.commands);
      seconds.observe(batch.seconds);
      entries.inc(batch.entries);
    },
    failed: (failure) => failures.inc({ reason: failure }),
    turnedAway: (submissions) => overloads.inc(submissions),
  };
}
