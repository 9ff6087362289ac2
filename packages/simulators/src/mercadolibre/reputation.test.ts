import { describe, expect, test } from "vitest";

import { startMarketplace, type TestMarketplace } from "./test-marketplace.ts";

type Site = "MLM" | "MLB" | "MCO" | "MEC";

async function shopOn(siteId: Site): Promise<TestMarketplace> {
  const listings = [{ listing: `${siteId}1000000001`, availableQuantity: 90_000 }];
  return startMarketplace({
    accounts: [{ account: "one", siteId, listings }],
    settings: { orderClosingGapMs: { min: 0, max: 0 }, accessTokenTtlMs: 400 * 86_400_000 },
  });
}

async function sell(market: TestMarketplace, site: Site, sales: number): Promise<number[]> {
  const ids: number[] = [];
  for (let sale = 0; sale < sales; sale += 1) ids.push(await market.buy(`${site}1000000001`, 1));
  return ids;
}

async function cancel(market: TestMarketplace, ids: readonly number[], requestedBy: string): Promise<void> {
  for (const id of ids) await market.sim("POST", `/orders/${id}/cancel`, { requestedBy });
}

const standing = async (market: TestMarketplace): Promise<unknown> =>
  (await market.sim<{ reputation: unknown[] }>("GET", "/truth")).body.reputation[0];

describe("the price of a cancelled sale", () => {
  test("is counted for what the seller cancelled, and nothing else", async () => {
    const market = await shopOn("MLM");
    const ids = await sell(market, "MLM", 100);
    await cancel(market, ids.slice(0, 5), "buyer");
    await cancel(market, ids.slice(5, 7), "meli");
    const clean = {
      windowDays: 60,
      sales: 100,
      sellerCancellations: 0,
      rate: 0,
      level: "5_green",
      mayBeLeader: true,
    };
    expect(await standing(market)).toMatchObject({ ...clean, allowedForLeader: 0, allowedForGreen: 1 });
    await cancel(market, ids.slice(7, 8), "seller");
    expect(await standing(market)).toMatchObject({ rate: 0.01, level: "5_green", mayBeLeader: false });
    await cancel(market, ids.slice(8, 9), "seller");
    expect(await standing(market)).toMatchObject({ sellerCancellations: 2, rate: 0.02, level: "3_yellow" });
    await cancel(market, ids.slice(9, 10), "seller");
    expect(await standing(market)).toMatchObject({ rate: 0.03, level: "2_orange" });
    await cancel(market, ids.slice(10, 11), "seller");
    expect(await standing(market)).toMatchObject({ rate: 0.04, level: "1_red" });
  });

  test.each([
    ["MLM", "3_yellow"],
    ["MLB", "3_yellow"],
    ["MCO", "5_green"],
    ["MEC", "5_green"],
  ] as const)("differs by site: 2 of 100 on %s is %s", async (site, level) => {
    const market = await shopOn(site);
    const ids = await sell(market, site, 100);
    await cancel(market, ids.slice(0, 2), "seller");
    expect(await standing(market)).toMatchObject({ siteId: site, rate: 0.02, level });
  });

  test("looks back a year where there are few sales, and forgets what is older", async () => {
    const market = await shopOn("MLM");
    const ids = await sell(market, "MLM", 39);
    await cancel(market, ids.slice(0, 1), "seller");
    expect(await standing(market)).toMatchObject({ windowDays: 365, sales: 39, sellerCancellations: 1 });
    market.clock.advance(61 * 86_400_000);
    await sell(market, "MLM", 40);
    expect(await standing(market)).toMatchObject({ windowDays: 60, sales: 40, sellerCancellations: 0 });
  });

  test("is told to the seller by the API", async () => {
    const market = await shopOn("MLM");
    const ids = await sell(market, "MLM", 40);
    await cancel(market, ids.slice(0, 1), "seller");
    expect(await market.api("GET", "/users/me")).toMatchObject({
      body: {
        seller_reputation: {
          level_id: "3_yellow",
          power_seller_status: null,
          metrics: {
            sales: { period: "60 days", completed: 39 },
            cancellations: {
              period: "60 days",
              rate: 0.025,
              value: 1,
              excluded: { real_value: 1, real_rate: 0.025 },
            },
          },
        },
      },
    });
  });

  test("counts a split pack once", async () => {
    const market = await shopOn("MLM");
    const id = await market.buy("MLM1000000001", 2);
    await market.sim("POST", `/orders/${id}/split`, { gapMs: 0 });
    expect(await standing(market)).toMatchObject({ sales: 2, sellerCancellations: 0 });
  });
});
