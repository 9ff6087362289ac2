import { expect, it } from "vitest";

import { clock, silentLog } from "../connections/testing/channel-seller.ts";
import { testDatabase } from "../testing/test-database.ts";
import { LatencyRecorder } from "./latency-recorder.ts";
import { forgetLatencies, readLatencies } from "./latency-store.ts";

const database = await testDatabase();
const { pool } = database;
const recorder = () => new LatencyRecorder({ pool, clock, log: silentLog });
const connection = { sellerId: 1, code: "meli-1", kind: "mercadolibre" };

it("adds up what several processes measured, per connection and hop, and forgets what is old", async () => {
  const [one, two] = [recorder(), recorder()];
  for (let ms = 1; ms <= 100; ms++)
    (ms % 2 === 0 ? one : two).took(connection, "committed_to_confirmed", ms * 10);
  one.took({ ...connection, code: "meli-2" }, "committed_to_pushed", -5);
  one.took({ ...connection, sellerId: 2 }, "committed_to_confirmed", 1);
  await Promise.all([one.close(), two.close()]);
  const measured = await readLatencies(pool, 1, Date.now() - 3_600_000);
  const summary = measured.get("meli-1")?.get("committed_to_confirmed");
  expect(summary?.samples).toBe(100);
  expect(summary?.p50).toBeGreaterThanOrEqual(500);
  expect(summary?.p50).toBeLessThan(560);
  expect(summary?.p99).toBeGreaterThanOrEqual(990);
  expect(summary?.p99).toBeLessThan(1_090);
  expect(measured.get("meli-2")?.get("committed_to_pushed")).toEqual({ samples: 1, p50: 1, p95: 1, p99: 1 });
  await forgetLatencies(pool, Date.now() + 60_000);
  expect(await readLatencies(pool, 1, 0)).toEqual(new Map());
});
