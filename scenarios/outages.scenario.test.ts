// An hour away: a marketplace, or Onepool itself. A storm of 429. Access that runs out under two processes.
import { beforeAll, expect, test } from "vitest";

import type { Market } from "./harness/simulated-markets.ts";
import { listedOnBoth, stageTwoMarkets } from "./harness/stage-two-markets.ts";
import type { MarketsPlan } from "./harness/two-markets.ts";
import { untilAudited } from "./harness/until-audited.ts";

const HOUR_MS = 3_600_000;

const listings = listedOnBoth(["OUT-1", "OUT-2", "OUT-3", "OUT-4"]);

const plan: MarketsPlan = {
  seed: 8,
  stock: { "OUT-1": 200, "OUT-2": 200, "OUT-3": 200, "OUT-4": 200 },
  listings,
  amazonNews: "queue",
  amazonRates: 4,
  beginsMsAgo: 6 * HOUR_MS,
};

const stage = await stageTwoMarkets(plan);
const { database, markets } = stage;
let { onepool } = stage;

beforeAll(stage.quiet);

/** By whichever server works now. */
const quiet = () => untilAudited(markets, onepool, plan);
const pass = (advanceMs: number) => markets.control("amazon", "POST", "clock", { advanceMs });
const faults = (market: Market, setup: object) => markets.control(market, "PUT", "faults", setup);

/** One unit of every listing. */
async function everybodyBuys(): Promise<void> {
  for (const listing of listings) expect(await markets.buy(listing, 1)).not.toBeNull();
}

/** Nothing is answered, and nothing is told. */
const AWAY = { notifications: { loss: 1 }, api: [{ kind: "serverError", status: 503, body: "html" }] };

test.each(["amazon", "meli"] as const)("an hour without %s is caught up with", async (market) => {
  await faults(market, AWAY);
  await everybodyBuys();
  await pass(HOUR_MS / 2);
  await everybodyBuys();
  await pass(HOUR_MS / 2);
  await faults(market, {});
  await quiet();
});

test("an hour without Onepool is caught up with", async () => {
  await onepool.stop();
  await everybodyBuys();
  await pass(HOUR_MS / 2);
  await everybodyBuys();
  await pass(HOUR_MS / 2);
  onepool = await markets.startServer();
  await markets.notify(onepool);
  // What was posted in vain is posted again within the hour, or given up.
  await pass(HOUR_MS);
  await quiet();
});

test("a storm of 429 delays, and loses nothing", async () => {
  const storm = { kind: "rateLimited", probability: 0.6 };
  await faults("amazon", { api: [storm] });
  await faults("meli", { api: [{ ...storm, retryAfterSeconds: 1 }] });
  for (let round = 0; round < 4; round++) await everybodyBuys();
  await faults("amazon", {});
  await faults("meli", {});
  await quiet();
});

test("access that runs out again and again under two processes is renewed by one of them at a time", async () => {
  const other = await markets.startServer();
  await markets.control("meli", "PUT", "settings", { accessTokenTtlMs: 1_500 });
  await markets.control("amazon", "PUT", "settings", { accessTokenTtlMs: 1_500 });
  for (let round = 0; round < 6; round++) {
    await everybodyBuys();
    await pass(1_600);
    await markets.notify(round % 2 === 0 ? other : onepool);
  }
  await quiet();
  const { rows } = await database.pool.query(
    "select connection, state from connection_token order by connection",
  );
  expect(rows).toEqual([
    { connection: "amazon", state: "valid" },
    { connection: "meli", state: "valid" },
  ]);
});
