import { SIGHT_POLICY } from "@onepool/core/intake/judge-sight.ts";
import { testDatabase } from "@onepool/server/testing/test-database.ts";
import { waitUntil } from "@onepool/server/testing/wait-until.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { bookedAvailable, rightShows, shows, trueAvailable } from "./harness/thread-auditor.ts";
import {
  type BenchPlan,
  type BenchProcess,
  buildThreadBench,
  connectAccount,
  submit,
  type ThreadBench,
} from "./harness/thread-bench.ts";

const plan: BenchPlan = {
  seed: 21,
  stock: { "KB-M": 60 },
  listings: [
    { account: "mx-1", listing: "MLM1000000001", sku: "KB-M", unitsPerSale: 1 },
    { account: "mx-2", listing: "MLM2000000001", sku: "KB-M", unitsPerSale: 1 },
  ],
  orderPollIntervalMs: 300,
  sight: { policy: { ...SIGHT_POLICY, graceMs: 300, windowMs: 3_600_000 }, everyMs: 200 },
};
const theirs = "mx-2/MLM2000000001/";

const database = await testDatabase();
let bench: ThreadBench;
let server: BenchProcess;

beforeAll(async () => {
  bench = await buildThreadBench(database, plan);
  server = await bench.startProcess();
  await bench.seed(server);
  await waitUntil(isRight);
});
afterAll(() => bench.close());

const isRight = () => {
  const wanted = rightShows(plan, bench.simulator);
  return Object.entries(shows(bench.simulator)).every(([key, shown]) => shown === wanted[key]);
};
const sell = () =>
  bench.control("POST", "/_sim/orders", { account: "mx-1", listing: "MLM1000000001", quantity: 1 });
const blindReason = async () => {
  const { rows } = await database.pool.query<{ reason: string | null }>(
    "select blind_reason as reason from connection_sight where connection = 'mx-1'",
  );
  return rows[0]?.reason ?? null;
};
const openAlerts = async () => {
  const { rows } = await database.pool.query<{ kind: string }>(
    "select kind from alert where resolved_at is null and kind = 'channel_blind'",
  );
  return rows.length;
};
const right = () => rightShows(plan, bench.simulator)[theirs] ?? Number.NaN;
const shown = () => shows(bench.simulator)[theirs] ?? Number.NaN;
/** Sells one at a time until it is so, each known before the next. */
async function sellUntil(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) {
    await sell();
    await waitUntil(async () => {
      const booked = await bookedAvailable(database.pool, bench.sellerId);
      return booked["KB-M"] === trueAvailable(bench.simulator)["KB-M"];
    });
  }
}

describe("a channel whose notifications fall silent", () => {
  test("is found out by its polls, the other one holds units back, and all is right when it is heard again", async () => {
    await bench.control("PUT", "/_sim/faults", { notifications: { loss: 1 } });
    await sellUntil(async () => (await blindReason()) !== null);
    expect(await blindReason()).toBe("notifications_silent");
    expect(await openAlerts()).toBe(1);
    await waitUntil(() => shown() < right());
    await bench.control("PUT", "/_sim/faults", {});
    await sellUntil(async () => (await blindReason()) === null);
    expect(await openAlerts()).toBe(0);
    await waitUntil(isRight);
  });
});

describe("a channel that ends our access", () => {
  test("is alarmed, the other one holds units back, and once connected again it catches up before it is raised", async () => {
    await bench.control("PUT", "/_sim/faults", { tokenRevoked: ["mx-1"] });
    await waitUntil(async () => (await blindReason()) === "reconnect_needed");
    await waitUntil(() => shown() < right());
    // Sold while nobody could tell us.
    await sell();
    await bench.control("PUT", "/_sim/faults", {});
    const answer = await fetch(new URL("/_sim/accounts", bench.simulator.url));
    const { accounts } = (await answer.json()) as Pick<ThreadBench["simulator"], "accounts">;
    const account = accounts.find((one) => one.account === "mx-1");
    if (account === undefined) throw new Error("the simulator has the account mx-1");
    await submit(server.ledger, bench.sellerId, [connectAccount(bench.simulator, account)]);
    await waitUntil(async () => (await blindReason()) === null);
    await waitUntil(isRight);
    await waitUntil(async () => {
      const { rows } = await database.pool.query(
        `select from order_poll p join connection_sight s on s.connection = p.connection
         where p.connection = 'mx-1' and p.complete_at >= s.sighted_at`,
      );
      return rows.length === 1;
    });
  });
});
