import { expect, test } from "vitest";

import { addLatencies } from "../../../observe/latency-store.ts";
import { apiServer } from "../../../testing/api-server.ts";
import { testDatabase } from "../../../testing/test-database.ts";

const database = await testDatabase();
const api = apiServer(database);

const MINUTE_MS = 60_000;

function counted(minutesAgo: number, bucket: number, samples: number) {
  const minute = Math.floor(Date.now() / MINUTE_MS - minutesAgo) * MINUTE_MS;
  const { sellerId } = api.seller;
  return { sellerId, connection: "meli-mx", hop: "committed_to_confirmed", minute, bucket, samples } as const;
}

test("summarises the last hour per connection and hop, the seller's own only", async () => {
  // Buckets double every eight: 80 ends at 1,024 ms, 96 at 4,096 ms.
  await addLatencies(database.pool, [counted(0, 80, 90), counted(1, 96, 10), counted(90, 200, 500)]);
  const { body } = await api.get("/v1/latencies");
  expect(body.latencies).toEqual([
    {
      connection: "meli-mx",
      hops: expect.objectContaining({
        committed_to_confirmed: { samples: 100, p50: 1024, p95: 4096, p99: 4096 },
        event_to_received: { samples: 0, p50: null, p95: null, p99: null },
      }),
    },
  ]);
  expect((await api.get("/v1/latencies", api.other.keys.read)).body.latencies).toEqual([]);
});

test("takes no parameters", async () => {
  expect(await api.get("/v1/latencies?since=0")).toMatchObject({
    status: 400,
    body: { code: "unknown_field", field: "since" },
  });
});
