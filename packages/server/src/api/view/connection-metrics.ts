import type { Instant } from "@onepool/core/ledger/units.ts";
import { Gauge, Registry } from "prom-client";

import { listConnections } from "../../ledger/read/connection-store.ts";
import type { ApiDeps } from "../api-deps.ts";
import { connectionsNow } from "./connections-now.ts";

type ConnectionNow = Awaited<ReturnType<typeof connectionsNow>>[number];

/** Connections told of; whoever has more asks the API. */
const MOST = 200;

/**
 * The figures of one seller's connections, as Prometheus reads them: the same as `GET /v1/connections` has. They name
 * connections, so they are made for the caller and stand in no registry that others are shown.
 */
export async function connectionMetrics(deps: ApiDeps, sellerId: number): Promise<string> {
  const stored = await listConnections(deps.reader, { sellerId, after: null, limit: MOST });
  const connections = await connectionsNow(deps, { sellerId, role: "read" }, stored, { withDay: false });
  const registry = new Registry();
  const gauges = gaugesIn(registry);
  for (const connection of connections) tell(gauges, connection, deps.clock.now());
  return registry.metrics();
}

function gaugesIn(registry: Registry) {
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
  return {
    state: gauge("observe_connection_state", "1 for the state a connection is in", [
      "connection",
      "kind",
      "state",
    ]),
    hop: gauge("observe_connection_hop_seconds", "How long a hop took in the last hour, by quantile", [
      "connection",
      "kind",
      "hop",
      "quantile",
    ]),
    samples: gauge("observe_connection_hop_samples", "How often a hop was measured in the last hour", [
      "connection",
      "kind",
      "hop",
    ]),
    lag: gauge("intake_connection_orders_lag_seconds", "How far behind now the orders are that we know", [
      "connection",
      "kind",
    ]),
    unread: gauge("intake_connection_unread", "Orders with news that waits to be read", [
      "connection",
      "kind",
    ]),
    left: gauge("publish_connection_calls_left", "Calls that may be made now, by budget", [
      "connection",
      "kind",
      "budget",
    ]),
    blocked: gauge("publish_connection_blocked_seconds", "How long the channel asks to wait, by budget", [
      "connection",
      "kind",
      "budget",
    ]),
  };
}

function tell(
  gauges: ReturnType<typeof gaugesIn>,
  { code, kind, health, latency }: ConnectionNow,
  now: Instant,
): void {
  const of = { connection: code, kind };
  gauges.state.set({ ...of, state: health.state }, 1);
  for (const [hop, { samples, p50, p95, p99 }] of Object.entries(latency.lastHour)) {
    gauges.samples.set({ ...of, hop }, samples);
    for (const [quantile, ms] of [
      ["0.5", p50],
      ["0.95", p95],
      ["0.99", p99],
    ] as const)
      if (ms !== null) gauges.hop.set({ ...of, hop, quantile }, ms / 1_000);
  }
  if (health.orders !== null) {
    gauges.unread.set(of, health.orders.unread);
    if (health.orders.lagMs !== null) gauges.lag.set(of, health.orders.lagMs / 1_000);
  }
  for (const { budget, left, blockedUntil } of health.budgets ?? []) {
    gauges.left.set({ ...of, budget }, left);
    const waitMs = blockedUntil === null ? 0 : Math.max(0, Date.parse(blockedUntil) - now);
    gauges.blocked.set({ ...of, budget }, waitMs / 1_000);
  }
}
