import { describe, expect, it } from "vitest";

import { SKU, startTestShipHero, type TestShipHero } from "./test-shiphero.ts";

async function left(vendor: TestShipHero): Promise<number> {
  const { user_quota: quota } = await vendor.ask<{ user_quota: { credits_remaining: number } }>(
    "{ user_quota { credits_remaining } }",
  );
  return quota.credits_remaining;
}

const PAGE = (first: number) => `{ products { complexity data(first: ${first}) { edges { node { id } } } } }`;

describe("credits", () => {
  it("are 4,004, restored at 60 a second", async () => {
    const { ask } = await startTestShipHero();
    expect(await ask("{ user_quota { credits_remaining max_available increment_rate } }")).toMatchObject({
      user_quota: { max_available: 4_004, increment_rate: 60 },
    });
  });

  it.each([
    ["a page of the usual size", "{ products { complexity data { edges { node { id } } } } }", 101],
    ["a page of ten", PAGE(10), 11],
    [
      "a page within a page",
      `{ products { complexity data(first: 10) { edges { node { warehouse_products { locations(first: 3) { edges { node { id } } } } } } } } }`,
      41,
    ],
    ["one product", `{ product(sku: "${SKU}") { complexity data { id } } }`, 1],
    [
      "a page of a fragment",
      `{ products { complexity ...Page } } fragment Page on ProductsQueryResult { data(first: 20) { edges { node { id } } } }`,
      21,
    ],
  ])("are asked by the rows that may come: %s", async (_, query, credits) => {
    const { ask } = await startTestShipHero();
    const [answer] = Object.values(await ask<Record<string, { complexity: number }>>(query));
    expect(answer?.complexity).toBe(credits);
  });

  it("count a page's size from a variable", async () => {
    const { ask } = await startTestShipHero();
    const query = "query ($n: Int) { products { complexity data(first: $n) { edges { node { id } } } } }";
    expect(await ask(query, { n: 7 })).toMatchObject({ products: { complexity: 8 } });
  });

  it("are charged for the rows that came", async () => {
    const vendor = await startTestShipHero();
    await vendor.ask(PAGE(1_000));
    // The two products and the query itself; then the question after the credits.
    expect(await left(vendor)).toBe(4_004 - 3 - 1);
  });

  it("are not charged for an analysis, which carries nothing out", async () => {
    const vendor = await startTestShipHero();
    const query = `{ products(analyze: true) { complexity data(first: 500) { edges { node { id } } } } }`;
    expect(await vendor.ask(query)).toEqual({ products: { complexity: 501, data: null } });
    expect(await left(vendor)).toBe(4_003);
  });

  it("are refused with code 30 when they are short, and the time until there are enough", async () => {
    const vendor = await startTestShipHero({ settings: { credits: { max: 110, restorePerSecond: 10 } } });
    const first = await vendor.graphql(PAGE(100));
    expect(first.errors).toBeUndefined();
    // 3 of 110 are gone: 107 are left.
    const { status, body } = await vendor.graphql(PAGE(109));
    expect(status).toBe(200);
    expect(body).toEqual({
      errors: [
        {
          code: 30,
          message:
            "There are not enough credits to perform the requested operation, which requires 110 credits, " +
            "but there are only 107 left. In 1 seconds you will have enough credits to perform the operation",
          operation: "products",
          request_id: expect.any(String),
          required_credits: 110,
          remaining_credits: 107,
          time_remaining: "1 seconds",
        },
      ],
      data: { products: null },
    });
    await vendor.sim("POST", "/clock", { advanceMs: 1_000 });
    expect((await vendor.graphql(PAGE(109))).errors).toBeUndefined();
  });

  it("are never enough for an operation above the maximum", async () => {
    const { graphql } = await startTestShipHero();
    expect((await graphql(PAGE(4_004))).errors?.[0]?.code).toBe(30);
  });

  it("change nothing when they are short", async () => {
    const vendor = await startTestShipHero({ settings: { credits: { max: 5, restorePerSecond: 1 } } });
    const { errors } = await vendor.graphql(
      `mutation { inventory_add(data: { sku: "${SKU}", warehouse_id: "${vendor.warehouseId}", quantity: 1 }) { request_id } }`,
    );
    expect(errors?.[0]?.code).toBe(30);
    expect(vendor.truth().shown[0]?.onHand).toBe(10);
  });

  it("do not help against too many requests in five minutes", async () => {
    const vendor = await startTestShipHero({ settings: { credits: { requestsPerFiveMinutes: 3 } } });
    for (let n = 0; n < 3; n += 1) expect((await vendor.graphql(PAGE(1))).status).toBe(200);
    expect((await vendor.graphql(PAGE(1))).status).toBe(429);
    await vendor.sim("POST", "/clock", { advanceMs: 300_001 });
    expect((await vendor.graphql(PAGE(1))).status).toBe(200);
  });
});
