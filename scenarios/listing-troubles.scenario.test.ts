import { testDatabase } from "@onepool/server/testing/test-database.ts";
import { waitUntil } from "@onepool/server/testing/wait-until.ts";
import type { MercadoLibreSimulator } from "@onepool/simulators/mercadolibre/start.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { rightShows, shows } from "./harness/thread-auditor.ts";
import {
  type BenchPlan,
  type BenchProcess,
  buildThreadBench,
  connectAccount,
  submit,
  type ThreadBench,
} from "./harness/thread-bench.ts";

const plan: BenchPlan = {
  seed: 5,
  stock: { "KB-M": 100 },
  listings: [
    { account: "mx-1", listing: "MLM1000000001", sku: "KB-M", unitsPerSale: 1 },
    { account: "mx-2", listing: "MLM2000000001", sku: "KB-M", unitsPerSale: 1 },
  ],
  orderPollIntervalMs: 1_000,
};
const ours = "mx-1/MLM1000000001/";
const theirs = "mx-2/MLM2000000001/";

const database = await testDatabase();
let bench: ThreadBench;
let server: BenchProcess;

beforeAll(async () => {
  bench = await buildThreadBench(database, plan);
  server = await bench.startProcess();
  await bench.seed(server);
});
// A sale that is still looked for is a trouble of its own: each test begins without any.
beforeEach(() => waitUntil(async () => isRight() && (await problem()) === null));
afterAll(() => bench.close());

const isRight = () =>
  shows(bench.simulator)[ours] === right(ours) && shows(bench.simulator)[theirs] === right(theirs);
const right = (key: string) => rightShows(plan, bench.simulator)[key];
const sellTheirs = () =>
  bench.control("POST", "/_sim/orders", { account: "mx-2", listing: "MLM2000000001", quantity: 1 });
const tell = (command: Parameters<typeof submit>[2][number]) =>
  submit(server.ledger, bench.sellerId, [command]);

/** The seller changes our listing in the marketplace's own panel. */
const edit = (change: object) =>
  bench.control("PUT", "/_sim/accounts", {
    accounts: [{ account: "mx-1", listings: [{ listing: "MLM1000000001", ...change }] }],
  });

async function problem(): Promise<{ code: string; message: string } | null> {
  const { rows } = await database.pool.query<{ error: { code: string; message: string } | null }>(
    "select error from listing_state where connection = 'mx-1'",
  );
  return rows[0]?.error ?? null;
}

async function observed(kind: string): Promise<object[]> {
  const { rows } = await database.pool.query<{ body: object }>(
    "select body from observation where connection = 'mx-1' and kind = $1 order by cursor",
    [kind],
  );
  return rows.map(({ body }) => body);
}

function writesToOurs(): number {
  const listing = bench.simulator.truth().listings.find(({ account }) => account === "mx-1");
  return listing?.quantityWrites ?? 0;
}

describe("a listing", () => {
  test("that takes no quantity says why, is left alone, and is mended when it takes one again", async () => {
    const before = writesToOurs();
    await edit({ status: "under_review" });
    await sellTheirs();
    await waitUntil(async () => (await problem())?.code === "refused");
    expect((await problem())?.message).toContain("under_review");
    await sellTheirs();
    await waitUntil(() => shows(bench.simulator)[theirs] === right(theirs));
    expect(writesToOurs()).toBe(before);
    await edit({ status: "active" });
    await waitUntil(isRight);
    await waitUntil(async () => (await problem()) === null);
  });

  test("that somebody edited is found and mended, and the drift is written down", async () => {
    const before = (await observed("drift")).length;
    await edit({ availableQuantity: 500 });
    await waitUntil(isRight);
    await waitUntil(async () => (await observed("drift")).length > before);
    expect((await observed("drift")).at(-1)).toMatchObject({ verdict: "edited", observed: 500 });
    await edit({ availableQuantity: 2 });
    await waitUntil(isRight);
  });

  test("in shadow is not written, and what would be is noted; in live it is made so", async () => {
    await tell({ kind: "put_connection", code: "mx-1", mode: "shadow" });
    const before = writesToOurs();
    await sellTheirs();
    await waitUntil(() => shows(bench.simulator)[theirs] === right(theirs));
    const isNoted = async () =>
      (await observed("would_push")).some((note) => "quantity" in note && note.quantity === right(ours));
    await waitUntil(isNoted);
    expect(writesToOurs()).toBe(before);
    await tell({ kind: "put_connection", code: "mx-1", mode: "live" });
    await waitUntil(isRight);
    expect(writesToOurs()).toBe(before + 1);
  });

  test("whose account was disconnected says so while the others go on, and catches up with new credentials", async () => {
    await bench.control("PUT", "/_sim/faults", { tokenRevoked: ["mx-1"] });
    await sellTheirs();
    await waitUntil(async () => (await problem())?.code === "failing");
    await waitUntil(() => shows(bench.simulator)[theirs] === right(theirs));
    expect(isRight()).toBe(false);
    await bench.control("PUT", "/_sim/faults", {});
    const answer = await fetch(new URL("/_sim/accounts", bench.simulator.url));
    const { accounts } = (await answer.json()) as Pick<MercadoLibreSimulator, "accounts">;
    const account = accounts.find((one) => one.account === "mx-1");
    if (account === undefined) throw new Error("the simulator has the account mx-1");
    await tell(connectAccount(bench.simulator, account));
    await waitUntil(isRight);
    await waitUntil(async () => (await problem()) === null);
  });
});
