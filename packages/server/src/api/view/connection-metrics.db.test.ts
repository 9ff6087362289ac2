import { beforeAll, expect, test } from "vitest";

import { openReader } from "../../ledger/read/reader.ts";
import { createMetrics } from "../../metrics/metrics.ts";
import { addLatencies } from "../../observe/latency-store.ts";
import { operationsRoutes } from "../../start/operations-routes.ts";
import { apiServer } from "../../testing/api-server.ts";
import { testDatabase } from "../../testing/test-database.ts";
import type { ApiDeps } from "../api-deps.ts";
import { connectionMetrics } from "./connection-metrics.ts";

const database = await testDatabase();
const blockedUntil = Date.now() + 3_600_000;
const api = apiServer(database, {}, (parts) => {
  const deps: ApiDeps = {
    ...parts,
    ledger: api.ledger,
    kinds: new Map(),
    reader: openReader(parts.pool),
    publicUrl: () => "",
    budgetsOf: () => [{ budget: "writes", perMinute: 60, burst: 5, left: 2, share: 1, blockedUntil }],
  };
  return [
    operationsRoutes({
      metrics: createMetrics(),
      readiness: () => Promise.reject(new Error("nobody asks")),
      metricsOf: (sellerId) => connectionMetrics(deps, sellerId),
    }),
  ];
});

const metrics = async (key: string) => (await api.raw("/metrics", "GET", { key })).body as string;

beforeAll(async () => {
  const { sellerId } = api.seller;
  await api.put(`/v1/connections/${encodeURIComponent('meli "mx"')}`, { kind: "mercadolibre" });
  const minute = Math.floor(Date.now() / 60_000) * 60_000;
  // Buckets double every eight: 80 ends at 1,024 ms.
  const counted = { sellerId, connection: 'meli "mx"', minute, bucket: 80, samples: 3 } as const;
  await addLatencies(database.pool, [{ ...counted, hop: "pushed_to_confirmed" }]);
});

test("tell how a seller's connections are doing, beside the figures of the process", async () => {
  const text = await metrics(api.seller.keys.read);
  const of = 'connection="meli \\"mx\\"",kind="mercadolibre"';
  const figures = [
    `observe_connection_state{${of},state="unmanaged"} 1`,
    `observe_connection_hop_seconds{${of},hop="pushed_to_confirmed",quantile="0.5"} 1.024`,
    `observe_connection_hop_seconds{${of},hop="pushed_to_confirmed",quantile="0.99"} 1.024`,
    `observe_connection_hop_samples{${of},hop="pushed_to_confirmed"} 3`,
    `observe_connection_hop_samples{${of},hop="event_to_received"} 0`,
    `publish_connection_calls_left{${of},budget="writes"} 2`,
    "process_cpu_seconds_total",
  ];
  for (const figure of figures) expect(text).toContain(figure);
  expect(text).toMatch(/^publish_connection_blocked_seconds{.*budget="writes"} 3[56]\d\d/m);
});

test("[I10] tell another seller nothing of them", async () => {
  const text = await metrics(api.other.keys.admin);
  expect(text).toContain("# HELP observe_connection_state");
  expect(text).not.toContain("meli");
});
