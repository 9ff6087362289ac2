import { describe, expect, onTestFinished, test } from "vitest";

import { startMercadoLibre } from "../mercadolibre/start.ts";
import { createSimulatorClock } from "../simulator-clock.ts";
import { Truth } from "../truth/truth.ts";
import { call, CANADA, SKU, START_AT, startTestAmazon, type TestAmazon, US } from "./test-amazon.ts";

/** Both sellers' listings sell the same ten units. */
async function sharedPool(): Promise<TestAmazon> {
  const amazon = await startTestAmazon({ settings: { writeApplyMs: { min: 1_000, max: 1_000 } } });
  const listings = ["us-1", "us-2"].map((account) => ({ account, listing: SKU }));
  const answer = await amazon.sim("PUT", "/physical", { groups: [{ id: SKU, units: 10, listings }] });
  expect(answer).toMatchObject({ status: 200, body: { groups: [{ id: SKU, remainingUnits: 10 }] } });
  return amazon;
}

const truth = async (amazon: TestAmazon) => (await amazon.sim("GET", "/truth")).body;

describe("the truth", () => {
  test("knows what two sellers sold beyond one pool that nobody kept in step", async () => {
    const amazon = await sharedPool();
    await amazon.buy(SKU, 8, { account: "us-1" });
    await amazon.buy(SKU, 7, { account: "us-2" });
    expect(await amazon.sim("POST", "/orders", { account: "us-2", listing: SKU, quantity: 4 })).toMatchObject(
      {
        status: 409,
      },
    );
    expect(await truth(amazon)).toMatchObject({
      totals: { attempts: 3, acceptedOrders: 2, acceptedUnits: 15, refusedUnits: 4, oversoldUnits: 5 },
      groups: [{ id: SKU, remainingUnits: -5, oversoldUnits: 5 }],
      listings: [
        { account: "us-1", listing: SKU, variation: null, availableQuantity: 2, shows: 2, soldUnits: 8 },
        { account: "us-2", listing: SKU, availableQuantity: 3, shows: 3, refusedAttempts: 1 },
      ],
    });
  });

  test("measures from the sale to the moment the other listing shows it, not to ACCEPTED", async () => {
    const amazon = await sharedPool();
    await amazon.buy(SKU, 4, { account: "us-2" });
    amazon.clock.advance(500);
    await amazon.setQuantity(SKU, 6);
    expect(await truth(amazon)).toMatchObject({ saleToConfirmed: { sales: 1, open: 1, measured: 0 } });
    amazon.clock.advance(1_000);
    expect(await truth(amazon)).toMatchObject({
      totals: { quantityWrites: 1 },
      saleToConfirmed: { open: 0, measured: 1, ms: { p50: 1_500 } },
    });
    const sales = await amazon.sim("GET", "/truth/sales");
    expect(sales.body).toMatchObject({
      sales: [{ state: "measured", others: [{ account: "us-1", state: "confirmed" }] }],
    });
  });

  test("a write computed before a sale confirms nothing", async () => {
    const amazon = await sharedPool();
    await amazon.setQuantity(SKU, 6);
    amazon.clock.advance(1);
    await amazon.buy(SKU, 4, { account: "us-2" });
    amazon.clock.advance(1_000);
    expect(await truth(amazon)).toMatchObject({ saleToConfirmed: { open: 1, measured: 0 } });
  });

  test("gives units back at a cancellation, also where the listing does not", async () => {
    const amazon = await sharedPool();
    const id = await amazon.buy(SKU, 4, { account: "us-1" });
    await amazon.sim("POST", `/orders/${id}/cancel`, { requestedBy: "seller" });
    expect(await truth(amazon)).toMatchObject({
      totals: { cancelledOrders: 1, cancelledUnits: 4 },
      groups: [{ netAcceptedUnits: 0, remainingUnits: 10 }],
      listings: [{ shows: 6, cancelledUnits: 4 }, {}],
    });
    const shipped = await amazon.buy(SKU, 2, { account: "us-1", closingGapMs: 0 });
    await amazon.sim("POST", `/orders/${shipped}/ship`);
    await amazon.sim("POST", `/orders/${shipped}/return`, { received: true });
    expect(await truth(amazon)).toMatchObject({ groups: [{ netAcceptedUnits: 2 }] });
  });

  test("counts each item of an order", async () => {
    const amazon = await startTestAmazon({
      accounts: [
        { account: "us-1", listings: ["A", "B"].map((listing) => ({ listing, availableQuantity: 5 })) },
      ],
    });
    const groups = ["A", "B"].map((id) => ({ id, units: 5, listings: [{ account: "us-1", listing: id }] }));
    await amazon.sim("PUT", "/physical", { groups });
    const id = await amazon.buy("A", 2, { items: [{ listing: "B", quantity: 3 }], closingGapMs: 0 });
    expect(await truth(amazon)).toMatchObject({ groups: [{ remainingUnits: 3 }, { remainingUnits: 2 }] });
    await amazon.sim("POST", `/orders/${id}/cancel`);
    expect(await truth(amazon)).toMatchObject({ groups: [{ remainingUnits: 5 }, { remainingUnits: 5 }] });
  });

  test("keeps Amazon's units and other stores apart from the seller's own", async () => {
    const amazon = await startTestAmazon({
      accounts: [
        {
          account: "us-1",
          marketplaceIds: [US, CANADA],
          listings: [
            { listing: SKU, availableQuantity: 5 },
            { listing: SKU, marketplaceId: CANADA, availableQuantity: 4 },
            { listing: SKU, fulfilledBy: "AMAZON", availableQuantity: 3 },
          ],
        },
      ],
    });
    await amazon.sim("PUT", "/physical", {
      groups: [{ id: SKU, units: 5, listings: [{ account: "us-1", listing: SKU }] }],
    });
    await amazon.buy(SKU, 2, { fulfilledBy: "AMAZON" });
    await amazon.buy(SKU, 1);
    await amazon.buy(`${SKU}@${CANADA}`, 1);
    expect(await truth(amazon)).toMatchObject({
      groups: [{ id: SKU, remainingUnits: 4 }],
      listings: [
        { listing: SKU, shows: 4, soldUnits: 1 },
        { listing: `${SKU}@AMAZON_NA`, shows: 1, soldUnits: 2 },
        { listing: `${SKU}@${CANADA}`, shows: 3, soldUnits: 1 },
      ],
    });
    const unknown = { groups: [{ id: "X", units: 1, listings: [{ account: "us-1", listing: "missing" }] }] };
    expect(await amazon.sim("PUT", "/physical", unknown)).toMatchObject({ status: 404 });
  });
});

test("one truth spans both marketplaces", async () => {
  const clock = createSimulatorClock({ startAt: START_AT, factor: 0 });
  const shared = new Truth(clock);
  const listing = { listing: "MLM1000000001", availableQuantity: 10 };
  const mercadolibre = await startMercadoLibre({
    clock,
    truth: shared,
    accounts: [{ account: "mx-1", listings: [listing] }],
  });
  onTestFinished(() => mercadolibre.close());
  const amazon = await startTestAmazon({ clock, truth: shared });
  const groups = [
    {
      id: SKU,
      units: 10,
      listings: [
        { account: "us-1", listing: SKU },
        { account: "mx-1", listing: "MLM1000000001" },
      ],
    },
  ];
  expect((await amazon.sim("PUT", "/physical", { groups })).status).toBe(200);
  await amazon.buy(SKU, 8, { account: "us-1" });
  const body = { listing: "MLM1000000001", quantity: 7, closingGapMs: 0 };
  expect((await call(`${mercadolibre.url}/_sim/orders`, "POST", { body })).status).toBe(201);
  for (const simulator of [amazon, mercadolibre]) {
    expect(simulator.truth().groups).toMatchObject([{ id: SKU, netAcceptedUnits: 15, oversoldUnits: 5 }]);
  }
});
