import { describe, expect, test } from "vitest";

import { SKU, startTestAmazon, type TestAmazon, US } from "./test-amazon.ts";

const quotaExceeded = {
  status: 429,
  body: {
    errors: [
      { code: "QuotaExceeded", message: "You exceeded your quota for the requested resource.", details: "" },
    ],
  },
};

const search = (amazon: TestAmazon, token = amazon.first.accessToken) =>
  amazon.api("GET", `/orders/2026-01-01/orders?createdAfter=2026-11-01T00:00:00Z`, { token });

/** Calls until the first 429, at most `most` times; how many went through. */
async function callsUntilRefused(most: number, send: () => Promise<{ status: number }>): Promise<number> {
  for (let sent = 0; sent < most; sent += 1) {
    const { status } = await send();
    if (status === 429) return sent;
  }
  return most;
}

describe("usage plans", () => {
  test("searchOrders: 20 at once, then one in 179 seconds", async () => {
    const amazon = await startTestAmazon();
    expect(await callsUntilRefused(25, () => search(amazon))).toBe(20);
    const refused = await search(amazon);
    expect(refused).toMatchObject(quotaExceeded);
    expect(refused.headers.get("retry-after")).toBeNull();
    amazon.clock.advance(178_000);
    expect((await search(amazon)).status).toBe(429);
    amazon.clock.advance(1_000);
    expect((await search(amazon)).status).toBe(200);
    expect((await search(amazon)).status).toBe(429);
  });

  test("sellers have a bucket each, operations too", async () => {
    const amazon = await startTestAmazon();
    await callsUntilRefused(25, () => search(amazon));
    expect((await search(amazon, amazon.second.accessToken)).status).toBe(200);
    expect((await amazon.api("GET", "/sellers/v1/marketplaceParticipations")).status).toBe(200);
  });

  test("patchListingsItem: 5 at once and 5 a second", async () => {
    const amazon = await startTestAmazon();
    const body = { productType: "PRODUCT", patches: [] };
    const patch = () => amazon.api("PATCH", amazon.skuPath(SKU), { body });
    // Refused patches cost as much as accepted ones.
    expect(await callsUntilRefused(10, patch)).toBe(5);
    amazon.clock.advance(1_000);
    expect(await callsUntilRefused(10, patch)).toBe(5);
  });

  test("getListingsItem 10, getOrder 30, FBA summaries 2, participations 15", async () => {
    const amazon = await startTestAmazon();
    const fba = `/fba/inventory/v1/summaries?granularityType=Marketplace&granularityId=${US}&marketplaceIds=${US}`;
    const bursts: [string, number][] = [
      [amazon.skuPath(SKU), 10],
      ["/orders/2026-01-01/orders/111-1111111-1111111", 30],
      [fba, 2],
      ["/sellers/v1/marketplaceParticipations", 15],
    ];
    for (const [path, burst] of bursts) {
      expect(await callsUntilRefused(40, () => amazon.api("GET", path)), path).toBe(burst);
    }
  });

  test("a call that is not let in costs nothing", async () => {
    const amazon = await startTestAmazon();
    for (let i = 0; i < 25; i += 1) expect((await search(amazon, "Atza|made-up")).status).toBe(403);
    expect((await search(amazon)).status).toBe(200);
  });

  test("one app has a bucket over all its sellers", async () => {
    const accounts = Array.from({ length: 21 }, (_, n) => ({
      account: `us-${n}`,
      listings: [{ listing: SKU, availableQuantity: 1 }],
    }));
    const settings = { limits: { operations: { getListingsItem: { rate: 5, burst: 100 } } } };
    const amazon = await startTestAmazon({ accounts, settings });
    const read = (n: number) => {
      const { sellerId, accessToken: token } = amazon.accounts[n] ?? amazon.first;
      return amazon.api("GET", `/listings/2021-08-01/items/${sellerId}/${SKU}?marketplaceIds=${US}`, {
        token,
      });
    };
    const answers = await Promise.all(Array.from({ length: 105 }, (_, n) => read(n % 21)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(100);
    expect(answers.find(({ status }) => status === 429)?.text).toContain(
      "The frequency of requests was greater than what is allowed for the application.",
    );
  });
});

describe("x-amzn-RateLimit-Limit", () => {
  const limitOf = (answer: { headers: Headers }) => answer.headers.get("x-amzn-ratelimit-limit");

  test("stands on the answers that the models list it for", async () => {
    const amazon = await startTestAmazon();
    expect(limitOf(await search(amazon))).toBe("0.0056");
    expect(limitOf(await amazon.api("GET", amazon.skuPath(SKU)))).toBe("5.0");
    expect(limitOf(await amazon.api("GET", amazon.skuPath("missing")))).toBe("5.0");
    expect(limitOf(await search(amazon, "Atza|made-up"))).toBeNull();
    await callsUntilRefused(25, () => search(amazon));
    expect(limitOf(await search(amazon))).toBeNull();
  });

  test("can stand everywhere or nowhere", async () => {
    const amazon = await startTestAmazon({ settings: { limits: { header: "always" } } });
    await callsUntilRefused(25, () => search(amazon));
    expect(limitOf(await search(amazon))).toBe("0.0056");
    await amazon.sim("PUT", "/settings", { limits: { header: "never" } });
    expect(limitOf(await amazon.api("GET", amazon.skuPath(SKU)))).toBeNull();
  });

  test("plans can be tightened, all together or one by one", async () => {
    const amazon = await startTestAmazon({ settings: { limits: { factor: 0.2 } } });
    expect(await callsUntilRefused(25, () => search(amazon))).toBe(4);
    await amazon.sim("PUT", "/settings", {
      limits: { factor: 1, operations: { getListingsItem: { rate: 0.25, burst: 1 } } },
    });
    const read = () => amazon.api("GET", amazon.skuPath(SKU));
    expect(await callsUntilRefused(5, read)).toBe(1);
    expect(
      await amazon.sim("PUT", "/settings", { limits: { operations: { madeUp: { rate: 1, burst: 1 } } } }),
    ).toMatchObject({
      status: 400,
      body: { code: "invalid_request" },
    });
  });
});
