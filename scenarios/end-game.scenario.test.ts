import { testDatabase } from "@onepool/server/testing/test-database.ts";
import { waitUntil } from "@onepool/server/testing/wait-until.ts";
import { afterAll, beforeAll, expect, test } from "vitest";

import { bookedAvailable, shows, trueAvailable } from "./harness/thread-auditor.ts";
import { type BenchPlan, buildThreadBench, submit, type ThreadBench } from "./harness/thread-bench.ts";

const plan: BenchPlan = {
  seed: 3,
  stock: { "KB-M": 7 },
  listings: [
    { account: "mx-1", listing: "MLM1000000001", sku: "KB-M", unitsPerSale: 1 },
    { account: "mx-2", listing: "MLM2000000001", sku: "KB-M", unitsPerSale: 1 },
  ],
  orderPollIntervalMs: 500,
};

const database = await testDatabase();
let bench: ThreadBench;
let isReceived = false;

beforeAll(async () => {
  bench = await buildThreadBench(database, plan);
  const server = await bench.startProcess();
  await bench.seed(server);
  receive = (units) =>
    submit(server.ledger, bench.sellerId, [
      { kind: "movement", movement: "receipt", sku: "KB-M", location: "main", units, externalId: "more" },
    ]);
});
afterAll(() => bench.close());

let receive: (units: number) => Promise<void>;
const left = () => (trueAvailable(bench.simulator)["KB-M"] ?? 0) + (isReceived ? 50 : 0);
const shown = () => Object.values(shows(bench.simulator));

/** The books agree, and either everybody shows all that is left, or nothing is shown twice. */
async function isQuiet(): Promise<boolean> {
  if ((await bookedAvailable(database.pool, bench.sellerId))["KB-M"] !== left()) return false;
  // The last one is dealt out: until that is done it may still be shown twice.
  const isOpen = left() > 1 && shown().every((units) => units === left());
  return isOpen || shown().reduce((sum, units) => sum + units, 0) === left();
}

/** Everybody wants one in the same moment; answers how many got it. */
async function everybodyBuys(): Promise<number> {
  const sales = await Promise.all(
    plan.listings.map(({ account, listing }) =>
      bench.control("POST", "/_sim/orders", { account, listing, variation: null, quantity: 1 }),
    ),
  );
  return sales.filter(({ accepted }) => accepted === true).length;
}

test("[I7] the last unit is wanted on both channels at once, and sold once", async () => {
  let sold = 0;
  while (sold < 7) {
    await waitUntil(isQuiet);
    if (left() === 1) expect(shown().toSorted((one, other) => one - other)).toEqual([0, 1]);
    sold += await everybodyBuys();
  }
  await waitUntil(isQuiet);
  expect(shown()).toEqual([0, 0]);
  expect(bench.simulator.truth().groups).toMatchObject([{ netAcceptedUnits: 7, oversoldUnits: 0 }]);
  await waitUntil(async () => {
    const { rows } = await database.pool.query<{ available: number }>("select available from end_game");
    return rows[0]?.available === 0;
  });
});

test("everybody shows all of it again once there is plenty", async () => {
  await receive(50);
  isReceived = true;
  await waitUntil(() => shown().every((units) => units === left()));
  expect((await database.pool.query("select from end_game")).rowCount).toBe(0);
});
