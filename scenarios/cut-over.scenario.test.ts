import { testDatabase } from "@onepool/server/testing/test-database.ts";
import { waitUntil } from "@onepool/server/testing/wait-until.ts";
import { afterAll, beforeAll, expect, test } from "vitest";

import { shows } from "./harness/thread-auditor.ts";
import {
  type BenchPlan,
  type BenchProcess,
  buildThreadBench,
  connectAccount,
  submit,
  type ThreadBench,
} from "./harness/thread-bench.ts";

/** The marketplace's accounts open with 3 units each; the warehouse has 100. */
const plan: BenchPlan = {
  seed: 7,
  stock: { "KB-M": 100, "KB-S": 1 },
  listings: [
    { account: "mx-1", listing: "MLM1000000001", sku: "KB-M", unitsPerSale: 1 },
    // Shows 3 where 1 is left: a take that would go out at once.
    { account: "mx-1", listing: "MLM1000000002", sku: "KB-S", unitsPerSale: 1 },
  ],
  orderPollIntervalMs: 1_000,
};

const database = await testDatabase();
let bench: ThreadBench;
let server: BenchProcess;

beforeAll(async () => {
  bench = await buildThreadBench(database, plan);
  // Open before anybody connects the account, and not to be listed for now.
  for (const [listing, quantity] of [
    ["MLM1000000001", 2],
    ["MLM1000000002", 1],
  ] as const)
    await bench.control("POST", "/_sim/orders", { account: "mx-1", listing, quantity });
  await searchFails(true);
  server = await bench.startProcess();
  const since = Date.now() - 3_600_000;
  const connections = bench.simulator.accounts.map((account) => ({
    ...connectAccount(bench.simulator, account),
    since,
  }));
  await submit(server.ledger, bench.sellerId, connections as Parameters<typeof submit>[2]);
  await bench.seed(server);
});
afterAll(() => bench.close());

const searchFails = (isFailing: boolean) =>
  bench.control("PUT", "/_sim/faults", {
    notifications: { loss: 1 },
    api: isFailing ? [{ kind: "serverError", endpoint: "GET /orders/search" }] : [],
  });

const writes = () =>
  bench.simulator.truth().listings.reduce((sum, { quantityWrites }) => sum + quantityWrites, 0);

async function count(statement: string): Promise<number> {
  const { rows } = await database.pool.query<{ n: number }>(statement);
  return rows[0]?.n ?? 0;
}

test("a connection that goes live at once pushes nothing before the orders open at its cut-over are claimed", async () => {
  // It has looked at what the listings show and knows what it would push, takes included, and polls have failed meanwhile.
  await waitUntil(
    async () =>
      (await count("select count(distinct external_id) as n from observation where kind = 'would_push'")) ===
      2,
  );
  await waitUntil(async () => (await count("select attempts as n from order_poll")) >= 2);
  expect(writes()).toBe(0);
  await searchFails(false);
  await waitUntil(() => {
    const shown = shows(bench.simulator);
    return shown["mx-1/MLM1000000001/"] === 98 && shown["mx-1/MLM1000000002/"] === 0;
  });
  // A write is written down after it was answered, and shows before.
  const written = "select count(distinct external_id) as n from observation where kind = 'pushed'";
  await waitUntil(async () => (await count(written)) === 2);
  // No number went out that did not know of the open orders.
  const { rows } = await database.pool.query<{ quantity: number }>(
    "select distinct (body ->> 'quantity')::int8 as quantity from observation where kind = 'pushed' order by 1",
  );
  expect(rows).toEqual([{ quantity: 0 }, { quantity: 98 }]);
});
