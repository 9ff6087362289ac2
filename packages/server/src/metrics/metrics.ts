import { collectDefaultMetrics, Registry } from "prom-client";

/**
 * The metrics of one server. Names begin with their stage (`intake_`, `ledger_`, `allocate_`, `publish_`, `observe_`,
 * `decide_`, `live_`, `api_`), those of the process with `process_` and `nodejs_`. No label ever names a seller, a SKU or
 * an order: the page is shown to every seller's keys, and a label per code would grow without bound. Connections stand in a
 * part that is made for each caller's own seller (`api/view/connection-metrics.ts`).
 */
export type Metrics = Registry;

/** A registry of its own, so that several servers may run in one process (tests, the demo). */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
