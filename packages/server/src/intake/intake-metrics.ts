import { Counter } from "prom-client";

import type { Metrics } from "../metrics/metrics.ts";

/** What is counted of the intake. */
export interface IntakeMetrics {
  notification(outcome: "stored" | "ignored" | "malformed" | "unknown" | "missed"): void;
  read(outcome: "order" | "listing" | "waits" | "poisoned" | "unknown"): void;
  polled(outcome: "complete" | "waits" | "failed", found: number): void;
}

/** Registers the metrics of the stage. */
export function intakeMetrics(metrics: Metrics | undefined): IntakeMetrics {
  const registers = metrics === undefined ? [] : [metrics];
  const notifications = new Counter({
    name: "intake_notifications_total",
    help: "Notifications that came, by what became of them",
    labelNames: ["outcome"],
    registers,
  });
  const reads = new Counter({
    name: "intake_inbox_total",
    help: "Rows of the inbox that were worked on, by what became of them",
    labelNames: ["outcome"],
    registers,
  });
  const polls = new Counter({
    name: "intake_polls_total",
    help: "Polls for changed orders",
    labelNames: ["outcome"],
    registers,
  });
  const found = new Counter({
    name: "intake_orders_found_by_poll_total",
    help: "Orders that no notification had announced when a poll found them",
    registers,
  });
  return {
    notification: (outcome) => notifications.inc({ outcome }),
    read: (outcome) => reads.inc({ outcome }),
    polled(outcome, count) {
      polls.inc({ outcome });
      found.inc(count);
    },
  };
}
