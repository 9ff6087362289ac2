import { testDatabase } from "@onepool/server/testing/test-database.ts";
import { waitUntil } from "@onepool/server/testing/wait-until.ts";
import { afterAll, beforeAll, expect, test } from "vitest";

import { seededRandom } from "./harness/seeded-random.ts";
import { bookedAvailable, rightShows, shows, showsRight, trueAvailable } from "./harness/thread-auditor.ts";
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
const isRight = () => showsRight(plan, bench.simulator);

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

/** What goes wrong during the storm. Three calls in a hundred fail in each of these ways. */
const FAULTS = {
  notifications: { loss: 0.2, duplicate: 0.3, reorder: 0.3, reorderMs: 800 },
  api: [
    { kind: "serverError", probability: 0.03, body: "html" },
    { kind: "rateLimited", probability: 0.03, retryAfterSeconds: 0.2 },
    { kind: "droppedAfterApply", probability: 0.03, endpoint: "PUT *" },
    { kind: "conflict", probability: 0.03, endpoint: "PUT *" },
    { kind: "writeIgnored", probability: 0.02, endpoint: "PUT *" },
    { kind: "unauthorized", probability: 0.02 },
  ],
  orderNotFoundMs: 60,
};

test("[I6] ends right after a storm of sales, cancellations and shipments with doubled, late and lost notifications", async () => {
  await waitUntil(isRight);
  const other = await bench.startProcess();
  await bench.control("PUT", "/_sim/faults", FAULTS);
  const random = seededRandom(plan.seed);
  const open: number[] = [];
  for (let buyer = 0; buyer < 160; buyer++) {
    const orderId = await buy(
      listingAt(Math.floor(random() * listings.length)),
      1 + Math.floor(random() * 2),
    );
    if (orderId !== null) open.push(orderId);
    if (random() < 0.2) await endOne(open, random);
    await waitUntil(async () => (await pendingNotifications()) < 20);
    // Half of the storm two processes work, then the first is stopped in the middle of it.
    if (buyer === 80) {
      await bench.control("PUT", "/_sim/accounts", { callbackUrl: other.hookUrl });
      await server.close();
    }
  }
  await bench.control("PUT", "/_sim/faults", {});
  await waitUntil(isQuiet);
  expect(await bookedAvailable(database.pool, bench.sellerId)).toEqual(trueAvailable(bench.simulator));
  expect(isRight()).toBe(true);
});

async function pendingNotifications(): Promise<number> {
  const answer = await fetch(new URL("/_sim/notifications", bench.simulator.url));
  const { pending, inFlight } = (await answer.json()) as { pending: number; inFlight: number };
  return pending + inFlight;
}

/** Cancels or ships one of the open orders. */
async function endOne(open: number[], random: () => number): Promise<void> {
  const [orderId] = open.splice(Math.floor(random() * open.length), 1);
  if (orderId === undefined) return;
  if (random() < 0.5) await bench.control("POST", `/_sim/orders/${orderId}/cancel`, { requestedBy: "buyer" });
  else await bench.control("POST", `/_sim/orders/${orderId}/ship`, {});
}

async function isQuiet(): Promise<boolean> {
  const booked = await bookedAvailable(database.pool, bench.sellerId);
  const isBooked = Object.entries(trueAvailable(bench.simulator)).every(
    ([sku, units]) => booked[sku] === units,
  );
  return isBooked && isRight();
}
