import { testDatabase } from "@onepool/server/testing/test-database.ts";
import { waitUntil } from "@onepool/server/testing/wait-until.ts";
import { afterAll, beforeAll, expect, test } from "vitest";

import { seededRandom } from "./harness/seeded-random.ts";
import { bookedAvailable, rightShows, shows, trueAvailable } from "./harness/thread-auditor.ts";
import {
  type BenchListing,
  type BenchPlan,
  type BenchProcess,
  buildThreadBench,
  type ThreadBench,
} from "./harness/thread-bench.ts";

const listings: readonly BenchListing[] = [
  { account: "mx-1", listing: "MLM1000000001", sku: "KB-M", unitsPerSale: 1 },
  { account: "mx-2", listing: "MLM2000000001", sku: "KB-M", unitsPerSale: 1 },
  { account: "mx-2", listing: "MLM2000000009", sku: "KB-M", unitsPerSale: 2 },
  { account: "mx-1", listing: "MLM1000000002", sku: "KB-L", unitsPerSale: 1 },
  { account: "mx-2", listing: "MLM2000000002", variation: 178001, sku: "KB-L", unitsPerSale: 1 },
  { account: "mx-2", listing: "MLM2000000002", variation: 178002, sku: "KB-S", unitsPerSale: 1 },
];
const plan: BenchPlan = {
  seed: 11,
  stock: { "KB-S": 25, "KB-M": 60, "KB-L": 40 },
  listings,
  orderPollIntervalMs: 1_000,
};

const database = await testDatabase();
let bench: ThreadBench;
let server: BenchProcess;

beforeAll(async () => {
  bench = await buildThreadBench(database, plan);
  server = await bench.startProcess();
  await bench.seed(server);
});
afterAll(() => bench.close());

/** All listings show what the marketplace's own books say is left. */
const isRight = () => {
  const wanted = rightShows(plan, bench.simulator);
  return Object.entries(shows(bench.simulator)).every(([key, shown]) => shown === wanted[key]);
};

async function buy({ account, listing, variation }: BenchListing, quantity: number): Promise<number | null> {
  const sale = await bench.control("POST", "/_sim/orders", {
    account,
    listing,
    variation: variation ?? null,
    quantity,
  });
  return sale["accepted"] === true ? Number(sale["orderId"]) : null;
}

function listingAt(index: number): BenchListing {
  const listing = listings[index % listings.length];
  if (listing === undefined) throw new Error("the plan has listings");
  return listing;
}

test("brings every listing to what the pool holds", async () => {
  await waitUntil(isRight);
  expect(shows(bench.simulator)).toEqual(rightShows(plan, bench.simulator));
});

test("shows a sale on one account on the other within seconds", async () => {
  await waitUntil(isRight);
  const before = shows(bench.simulator);
  expect(await buy(listingAt(0), 1)).not.toBeNull();
  const key = "mx-2/MLM2000000001/";
  await waitUntil(() => shows(bench.simulator)[key] === (before[key] ?? 0) - 1);
  await waitUntil(isRight);
});
