import { describe, expect, test } from "vitest";

import { SKU, startTestAmazon, type TestAmazon, US } from "./test-amazon.ts";

type Entry = Record<string, unknown>;

interface SubmissionBody {
  sku: string;
  status: string;
  submissionId: string;
  issues?: { code: string; severity: string; categories: string[]; message: string }[];
  identifiers?: unknown[];
}

const AVAILABILITY = "/attributes/fulfillment_availability";

const patch = (
  amazon: TestAmazon,
  patches: object[],
  options: { query?: string; sku?: string; type?: string } = {},
) => {
  const { query = `marketplaceIds=${US}`, sku = SKU, type = "PRODUCT" } = options;
  return amazon.api<SubmissionBody>("PATCH", amazon.skuPath(sku, query), {
    body: { productType: type, patches },
  });
};

const setTo = (quantity: unknown, more: Entry = {}) => ({
  op: "merge",
  path: AVAILABILITY,
  value: [{ fulfillment_channel_code: "DEFAULT", quantity, ...more }],
});

const submitted = async (amazon: TestAmazon, sku = SKU): Promise<Entry[]> => {
  const path = amazon.skuPath(sku, `marketplaceIds=${US}&includedData=attributes`);
  const { body } = await amazon.api<{ attributes: Record<string, Entry[]> }>("GET", path);
  return body.attributes.fulfillment_availability ?? [];
};

const units = (quantity: number) => [{ fulfillmentChannelCode: "DEFAULT", quantity }];

const fixedDelay = { settings: { writeApplyMs: { min: 1_000, max: 1_000 } } };

describe("a patch", () => {
  test("is accepted at once, told as submitted at once, and seen by buyers later", async () => {
    const amazon = await startTestAmazon(fixedDelay);
    const answer = await patch(amazon, [setTo(4)]);
    expect(answer.body).toEqual({
      sku: SKU,
      status: "ACCEPTED",
      submissionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      issues: [],
    });
    expect(await submitted(amazon)).toMatchObject([{ quantity: 4 }]);
    expect(await amazon.live(SKU)).toEqual(units(10));
    amazon.clock.advance(999);
    expect(await amazon.live(SKU)).toEqual(units(10));
    amazon.clock.advance(1);
    expect(await amazon.live(SKU)).toEqual(units(4));
  });

  test("takes from 0.2 to 5 seconds, and a share of them far longer", async () => {
    const amazon = await startTestAmazon();
    await amazon.setQuantity(SKU, 4);
    amazon.clock.advance(199);
    expect(await amazon.live(SKU)).toEqual(units(10));
    amazon.clock.advance(4_801);
    expect(await amazon.live(SKU)).toEqual(units(4));
    const tail = { share: 1, minMs: 60_000, maxMs: 120_000 };
    await amazon.sim("PUT", "/settings", { writeTail: tail });
    await amazon.setQuantity(SKU, 7);
    amazon.clock.advance(59_999);
    expect(await amazon.live(SKU)).toEqual(units(4));
    amazon.clock.advance(60_001);
    expect(await amazon.live(SKU)).toEqual(units(7));
  });

  test("overwrites at the moment it takes effect, whatever was sold in between", async () => {
    const amazon = await startTestAmazon(fixedDelay);
    await amazon.setQuantity(SKU, 9);
    await amazon.buy(SKU, 3);
    expect(await amazon.live(SKU)).toEqual(units(7));
    amazon.clock.advance(1_000);
    // The three are sold and offered again: the lost update.
    expect(await amazon.live(SKU)).toEqual(units(9));
  });

  test("is applied in the order accepted, unless a fault holds one back", async () => {
    const amazon = await startTestAmazon();
    for (const quantity of [1, 2, 3, 4]) await amazon.setQuantity(SKU, quantity);
    amazon.clock.advance(20_000);
    expect(await amazon.live(SKU)).toEqual(units(4));
    await amazon.sim("PUT", "/faults", { submissions: { reorder: 1, reorderMs: 60_000 } });
    await amazon.setQuantity(SKU, 5);
    await amazon.sim("PUT", "/faults", {});
    await amazon.setQuantity(SKU, 6);
    amazon.clock.advance(10_000);
    expect(await amazon.live(SKU)).toEqual(units(6));
    amazon.clock.advance(60_000);
    expect(await amazon.live(SKU)).toEqual(units(5));
    expect(await submitted(amazon)).toMatchObject([{ quantity: 6 }]);
  });

  test("can be accepted and never applied", async () => {
    const amazon = await startTestAmazon();
    await amazon.sim("PUT", "/faults", { submissions: { lost: 1 } });
    expect((await amazon.setQuantity(SKU, 4)).status).toBe("ACCEPTED");
    await amazon.sim("PUT", "/faults", { api: [{ kind: "writeIgnored" }] });
    expect((await amazon.setQuantity(SKU, 5)).status).toBe("ACCEPTED");
    amazon.clock.advance(86_400_000);
    await amazon.sim("PUT", "/settings", { accessTokenTtlMs: 1_000 });
    const { body } = await amazon.sim<{ listings: { availableQuantity: number }[] }>("GET", "/truth");
    expect(body.listings[0]).toMatchObject({ availableQuantity: 10, quantityWrites: 0 });
  });

  test("a price is applied after the quantity of the same submission", async () => {
    const amazon = await startTestAmazon(fixedDelay);
    const offer = {
      op: "replace",
      path: "/attributes/purchasable_offer",
      value: [{ marketplace_id: US, currency: "USD", our_price: [{ schedule: [{ value_with_tax: 20 }] }] }],
    };
    expect((await patch(amazon, [setTo(4), offer])).body.status).toBe("ACCEPTED");
    const read = async () =>
      (
        await amazon.api(
          "GET",
          amazon.skuPath(SKU, `marketplaceIds=${US}&includedData=offers,fulfillmentAvailability`),
        )
      ).body;
    amazon.clock.advance(1_000);
    expect(await read()).toMatchObject({
      offers: [{ price: { amount: "16.50" } }],
      fulfillmentAvailability: units(4),
    });
    amazon.clock.advance(1_000);
    expect(await read()).toMatchObject({ offers: [{ price: { amount: "20.00" } }] });
  });
});

describe("operations", () => {
  const FBA = "FBA-1";
  const withFba = {
    accounts: [
      {
        account: "us-1",
        listings: [
          { listing: SKU, availableQuantity: 10, leadTimeDays: 2 },
          { listing: FBA, fulfilledBy: "AMAZON" as const, availableQuantity: 5 },
        ],
      },
    ],
  };

  test("merge leaves the other fields alone, replace drops them", async () => {
    const amazon = await startTestAmazon();
    await patch(amazon, [setTo(4, { restock_date: "2026-12-24" })]);
    expect(await submitted(amazon)).toEqual([
      {
        fulfillment_channel_code: "DEFAULT",
        quantity: 4,
        lead_time_to_ship_max_days: 2,
        restock_date: "2026-12-24",
      },
    ]);
    await patch(amazon, [{ ...setTo(3), op: "replace" }]);
    expect(await submitted(amazon)).toEqual([{ fulfillment_channel_code: "DEFAULT", quantity: 3 }]);
  });

  test("a merge without quantity changes no quantity, a replace without it leaves none", async () => {
    const amazon = await startTestAmazon();
    const value = [{ fulfillment_channel_code: "DEFAULT", lead_time_to_ship_max_days: 5 }];
    await patch(amazon, [{ op: "merge", path: AVAILABILITY, value }]);
    amazon.clock.advance(5_000);
    expect(await amazon.live(SKU)).toEqual(units(10));
    await patch(amazon, [{ op: "replace", path: AVAILABILITY, value }]);
    amazon.clock.advance(5_000);
    expect(await amazon.live(SKU)).toEqual(units(0));
  });

  test("a merchant quantity on an FBA SKU adds an offer, and only delete with the selector takes it away", async () => {
    const amazon = await startTestAmazon(withFba);
    const write = { ...setTo(3), op: "replace" };
    expect((await patch(amazon, [write], { sku: FBA })).body.status).toBe("ACCEPTED");
    amazon.clock.advance(5_000);
    expect(await amazon.live(FBA)).toEqual([{ fulfillmentChannelCode: "AMAZON_NA" }, ...units(3)]);
    const gone = { op: "delete", path: AVAILABILITY, value: [{ fulfillment_channel_code: "DEFAULT" }] };
    await patch(amazon, [gone], { sku: FBA });
    amazon.clock.advance(5_000);
    expect(await amazon.live(FBA)).toEqual([{ fulfillmentChannelCode: "AMAZON_NA" }]);
  });

  test("Amazon's own quantity cannot be written", async () => {
    const amazon = await startTestAmazon(withFba);
    const value = [{ fulfillment_channel_code: "AMAZON_NA", quantity: 100 }];
    const { body } = await patch(amazon, [{ op: "merge", path: AVAILABILITY, value }], { sku: FBA });
    expect(body).toMatchObject({ status: "INVALID", issues: [{ severity: "ERROR" }] });
  });

  test("delete without value takes every channel off", async () => {
    const amazon = await startTestAmazon();
    await patch(amazon, [{ op: "delete", path: AVAILABILITY }]);
    amazon.clock.advance(5_000);
    expect(await amazon.live(SKU)).toEqual([]);
    expect(await amazon.sim("POST", "/orders", { listing: SKU, quantity: 1 })).toMatchObject({ status: 409 });
  });
});

describe("what is wrong", () => {
  test("with the content is told with 200 and INVALID, and nothing is applied", async () => {
    const amazon = await startTestAmazon();
    const cases: [object[], string, string?][] = [
      [[setTo(-1)], "90000900"],
      [[setTo(1.5)], "90000900"],
      [[setTo("4")], "90000900"],
      [[setTo(null)], "90000900"],
      [[setTo(4, { fulfillment_channel_code: "AMAZON_EU" })], "90000900"],
      [[setTo(4, { colour: "red" })], "90000900"],
      [[setTo(4, { restock_date: "soon" })], "90000900"],
      [[setTo(4, { lead_time_to_ship_max_days: -1 })], "90000900"],
      [[{ op: "merge", path: AVAILABILITY, value: [{ quantity: 4 }] }], "90220"],
      [[{ op: "merge", path: AVAILABILITY, value: [...setTo(4).value, ...setTo(5).value] }], "90000900"],
      [[{ op: "replace", path: "/attributes/fake_attribute", value: [{ value: 1 }] }], "90000900"],
      [[setTo(4), setTo(-1)], "90000900"],
      [[setTo(4)], "90000900", "LUGGAGE"],
    ];
    for (const [patches, code, type = "PRODUCT"] of cases) {
      const { status, body } = await patch(amazon, patches, { type });
      expect(status).toBe(200);
      expect(body, JSON.stringify(patches)).toMatchObject({
        status: "INVALID",
        issues: [{ code, severity: "ERROR" }],
      });
      amazon.clock.advance(10_000);
    }
    expect(await submitted(amazon)).toMatchObject([{ quantity: 10 }]);
    expect(await amazon.live(SKU)).toEqual(units(10));
    expect((await patch(amazon, [setTo(4)], { sku: "missing" })).body).toMatchObject({
      sku: "missing",
      status: "INVALID",
      issues: [{ code: "8560" }],
    });
  });

  test("with the selector is told in Amazon's words", async () => {
    const amazon = await startTestAmazon();
    const { body } = await patch(amazon, [{ op: "merge", path: AVAILABILITY, value: [{ quantity: 4 }] }]);
    expect(body.issues?.[0]?.message).toContain("'fulfillment_channel_code' does not have enough values");
  });

  test("with the form is a 400", async () => {
    const amazon = await startTestAmazon();
    const bodies: unknown[] = [
      {},
      [],
      "{",
      { productType: "PRODUCT" },
      { productType: "PRODUCT", patches: [] },
      { patches: [setTo(4)] },
      { productType: "PRODUCT", patches: [setTo(4)], sku: SKU },
      { productType: "PRODUCT", patches: [{ ...setTo(4), op: "move" }] },
      { productType: "PRODUCT", patches: [{ ...setTo(4), path: `${AVAILABILITY}/0/quantity` }] },
      { productType: "PRODUCT", patches: [{ ...setTo(4), from: "x" }] },
      { productType: "PRODUCT", patches: [{ op: "merge", path: AVAILABILITY, value: 4 }] },
      { productType: "PRODUCT", patches: [{ op: "merge", path: AVAILABILITY, value: [] }] },
      { productType: "PRODUCT", patches: ["quantity"] },
    ];
    for (const body of bodies) {
      const answer = await amazon.api("PATCH", amazon.skuPath(SKU), { body });
      expect(answer.status, JSON.stringify(body)).toBe(400);
      amazon.clock.advance(1_000);
    }
    const missing = await patch(amazon, [{ op: "merge", path: AVAILABILITY }]);
    expect(missing.text).toContain("Value is missing for patch at index of 0.");
  });

  test("with the query is a 400", async () => {
    const amazon = await startTestAmazon();
    const wrong = [
      "",
      "marketplaceIds=A1PA6795UKMFR9",
      `marketplaceIds=${US}&mode=DRY_RUN`,
      `marketplaceIds=${US}&includedData=summaries`,
      `marketplaceIds=${US}&includedData=identifiers`,
      `marketplaceIds=${US}&quantity=3`,
    ];
    for (const query of wrong) {
      expect((await patch(amazon, [setTo(4)], { query })).status, query).toBe(400);
      amazon.clock.advance(1_000);
    }
  });
});

test("a validation preview says what would happen, and nothing does", async () => {
  const amazon = await startTestAmazon();
  const query = `marketplaceIds=${US}&mode=VALIDATION_PREVIEW&includedData=identifiers,issues`;
  const valid = await patch(amazon, [setTo(4)], { query });
  expect(valid.body).toMatchObject({
    status: "VALID",
    identifiers: [{ marketplaceId: US, asin: expect.any(String) }],
    issues: [],
  });
  expect((await patch(amazon, [setTo(-4)], { query })).body.status).toBe("INVALID");
  amazon.clock.advance(10_000);
  expect(await submitted(amazon)).toMatchObject([{ quantity: 10 }]);
  expect(await amazon.live(SKU)).toEqual(units(10));
});
