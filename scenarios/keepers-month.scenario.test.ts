// A month of a seller whose units lie at two keepers and sell on two marketplaces, with everything that goes wrong in warehouses
// and on the way: each day is a second or two.
import { setTimeout as delay } from "node:timers/promises";

import { testDatabase } from "@onepool/server/testing/test-database.ts";
import { afterAll, expect, test } from "vitest";

import { auditKeepers, bookedDrift, type SaidPool, unexplainedUnits } from "./harness/keeper-auditor.ts";
import { auditListings } from "./harness/market-auditor.ts";
import { playMonth } from "./harness/play-month.ts";
import { shipBobConnection, shipHeroConnection, startKeepers } from "./harness/simulated-keepers.ts";
import { listedOnBoth } from "./harness/stage-two-markets.ts";
import { buildTwoMarkets, type MarketsPlan } from "./harness/two-markets.ts";

const DAYS = Number(process.env["MONTH_DAYS"] ?? 30);

const SKUS = ["KM-A", "KM-B", "KM-C", "KM-D"];

/** At each keeper. */
const OPENING = 60;

const at = (units: number) => Object.fromEntries(SKUS.map((sku) => [sku, units]));

const plan: MarketsPlan = {
  seed: 11,
  stock: at(2 * OPENING),
  listings: listedOnBoth(SKUS),
  isKeptElsewhere: true,
  amazonNews: "push",
  amazonRates: 20,
};

/** People at work: quick, and now and then wrong. In milliseconds. */
const FLOOR = {
  pickAfterMs: { min: 100, max: 900 },
  packAfterMs: { min: 50, max: 300 },
  shipAfterMs: { min: 100, max: 900 },
  putBackAfterMs: { min: 100, max: 900 },
  shortOrders: "hold" as const,
  unseenPick: 0.05,
  mispick: 0.03,
  splitShipment: 0.2,
  inboundArrivesAfterMs: { min: 200, max: 1_500 },
  receiveAfterMs: { min: 100, max: 900 },
  stowAfterMs: { min: 100, max: 900 },
  shortReceipt: 0.1,
  overReceipt: 0.1,
  damagedReceipt: 0.1,
  miscountedReceipt: 0.1,
  splitReceipt: 0.5,
  returnArrivesAfterMs: { min: 200, max: 1_500 },
  inspectAfterMs: { min: 100, max: 900 },
  missingReturn: 0.1,
  quarantineReturn: 0.2,
  disposeReturn: 0.1,
};

const database = await testDatabase();
const markets = await buildTwoMarkets(database.url, plan);
afterAll(() => markets.close());
const onepool = await markets.startServer();
const { client } = onepool;
const keepers = await startKeepers({
  seed: plan.seed,
  clock: markets.amazon.clock,
  stock: at(OPENING),
  floor: FLOOR,
});
afterAll(() => keepers.close());

async function quiet(find: () => Promise<readonly string[]>): Promise<void> {
  let saidAt = performance.now();
  for (;;) {
    const findings = await find();
    if (findings.length === 0) return;
    if (performance.now() - saidAt > 10_000) {
      saidAt = performance.now();
      process.stderr.write(`not quiet yet: ${findings.slice(0, 6).join("; ")}\n`);
    }
    await delay(300);
  }
}

async function connectAll(): Promise<void> {
  for (const code of ["bob", "hero"]) await client.put(`/v1/locations/${code}`, { kind: "3pl" });
  await markets.seed(onepool);
  await client.put("/v1/connections/amazon", { shipsFrom: "bob" });
  await client.put("/v1/connections/meli", { shipsFrom: "hero" });
  const since = new Date(markets.amazon.clock.now()).toISOString();
  const bob = { ...shipBobConnection(keepers.bob), sendsOrders: ["amazon"], mode: "live", since };
  await client.put("/v1/connections/bob", bob);
  await client.put("/v1/connections/hero", { ...shipHeroConnection(keepers.hero), mode: "live", since });
}

test("what lies at the keepers is what is for sale", async () => {
  await connectAll();
  await quiet(() => auditKeepers(keepers, client));
});

test("[I1] a month of faults ends with every balance equal to what stands in the warehouses", async () => {
  const played = await playMonth({ days: DAYS, skus: SKUS, plan, markets, keepers, client });
  process.stdout.write(`${JSON.stringify(played)}\n`);
  await quiet(async () => [
    ...(await auditKeepers(keepers, client)),
    ...(await auditListings(markets, client)),
  ]);
  expect(await client.get("/v1/alerts?kind=oversold&state=all")).toMatchObject({ alerts: [] });
  for (const sku of SKUS) {
    const said = (await client.get(`/v1/skus/${sku}/availability`)) as unknown as SaidPool;
    expect([sku, said.committed, said.reserved]).toEqual([sku, 0, 0]);
    expect(said.available).toBeGreaterThanOrEqual(0);
  }
  const byPlace = (units: ReadonlyMap<string, number>) => Object.fromEntries(units);
  expect(byPlace(await bookedDrift(client))).toEqual(byPlace(await unexplainedUnits(keepers)));
});
