import { describe, expect, test } from "vitest";

import { LISTING, OTHER_LISTING, startMarketplace, type TestMarketplace } from "./test-marketplace.ts";

/** Both listings sell the same ten units. */
async function sharedPool(units = 10): Promise<TestMarketplace> {
  const market = await startMarketplace({ settings: { orderClosingGapMs: { min: 0, max: 0 } } });
  const listings = [
    { account: "mx-1", listing: LISTING },
    { account: "mx-2", listing: OTHER_LISTING },
  ];
  const answer = await market.sim("PUT", "/physical", { groups: [{ id: "KB-M", units, listings }] });
  expect(answer).toMatchObject({
    status: 200,
    body: { groups: [{ id: "KB-M", units, remainingUnits: units }] },
  });
  return market;
}

const truth = async (market: TestMarketplace) => (await market.sim("GET", "/truth")).body;

const attempt = async (market: TestMarketplace, listing: string, quantity: number): Promise<number> =>
  (await market.sim("POST", "/orders", { listing, quantity })).status;

describe("the truth", () => {
  test("knows what two listings sold beyond one pool that nobody kept in step", async () => {
    const market = await sharedPool();
    expect(await attempt(market, LISTING, 8)).toBe(201);
    expect(await attempt(market, OTHER_LISTING, 7)).toBe(201);
    expect(await attempt(market, OTHER_LISTING, 4)).toBe(409);
    expect(await truth(market)).toMatchObject({
      totals: {
        attempts: 3,
        attemptedUnits: 19,
        acceptedOrders: 2,
        acceptedUnits: 15,
        refusedAttempts: 1,
        refusedUnits: 4,
        oversoldUnits: 5,
        lostUnits: 0,
      },
      groups: [{ id: "KB-M", remainingUnits: -5, oversoldUnits: 5 }],
      listings: [
        {
          account: "mx-1",
          listing: LISTING,
          shows: 2,
          availableQuantity: 2,
          soldUnits: 8,
          refusedAttempts: 0,
        },
        {
          account: "mx-2",
          listing: OTHER_LISTING,
          shows: 3,
          soldUnits: 7,
          refusedAttempts: 1,
          refusedUnits: 4,
        },
      ],
    });
    expect(market.truth()).toMatchObject({ totals: { oversoldUnits: 5 } });
  });

  test("knows what was refused although the pool held it", async () => {
    const market = await sharedPool();
    await market.api("PUT", `/items/${LISTING}`, { body: { available_quantity: 0 } });
    expect(await attempt(market, LISTING, 3)).toBe(409);
    expect(await truth(market)).toMatchObject({
      totals: { lostUnits: 3, lostServableUnits: 3 },
      listings: [{ shows: 0, status: "paused", subStatus: ["out_of_stock"], quantityWrites: 1 }, {}],
    });
  });

  test("gives units back only when an order is cancelled before it left", async () => {
    const market = await sharedPool();
    const early = await market.buy(LISTING, 2);
    const late = await market.buy(LISTING, 3);
    await market.sim("POST", `/orders/${early}/cancel`, {});
    await market.sim("POST", `/orders/${late}/ship`, {});
    await market.sim("POST", `/orders/${late}/cancel`, {});
    expect(await truth(market)).toMatchObject({
      groups: [{ acceptedUnits: 5, releasedUnits: 2, remainingUnits: 7 }],
      totals: { cancelledOrders: 1, cancelledUnits: 2 },
    });
  });

  test("measures from the sale to the other listing's write", async () => {
    const market = await sharedPool();
    const order = await market.buy(LISTING, 2);
    market.clock.advance(700);
    await market.api("PUT", `/items/${LISTING}`, { body: { available_quantity: 8 } });
    expect(await truth(market)).toMatchObject({ saleToConfirmed: { sales: 1, open: 1, measured: 0 } });
    market.clock.advance(50);
    await market.api("PUT", `/items/${OTHER_LISTING}`, {
      token: market.second.accessToken,
      body: { available_quantity: 8 },
    });
    expect(await truth(market)).toMatchObject({
      saleToConfirmed: { sales: 1, open: 0, measured: 1, ms: { p50: 750, p95: 750, p99: 750 } },
    });
    expect(await market.sim("GET", "/truth/sales")).toMatchObject({
      body: {
        sales: [
          {
            orderId: order,
            account: "mx-1",
            state: "measured",
            ms: 750,
            others: [
              { account: "mx-2", group: "KB-M", shownAtSale: 10, limit: 8, state: "confirmed", ms: 750 },
            ],
          },
        ],
      },
    });
  });

  test("shows what the next buyer could take, orders that have not closed included", async () => {
    const market = await startMarketplace();
    await market.buy(LISTING, 4, { closingGapMs: 9_000 });
    expect(await truth(market)).toMatchObject({ listings: [{ availableQuantity: 10, shows: 6 }, {}] });
    market.clock.advance(9_000);
    expect(await truth(market)).toMatchObject({ listings: [{ availableQuantity: 6, shows: 6 }, {}] });
  });

  test("logs every attempt and every write, in order, and can be read on", async () => {
    const market = await sharedPool();
    const order = await market.buy(LISTING, 2);
    await attempt(market, LISTING, 9);
    await market.api("PUT", `/items/${LISTING}`, { body: { available_quantity: 5 } });
    interface Log {
      entries: { n: number; kind: string; listing: string }[];
      next: number;
    }
    const log = (await market.sim<Log>("GET", "/truth/log?after=2")).body;
    expect(log.entries).toMatchObject([
      { kind: "accepted", quantity: 2, orderId: order, at: "2026-11-23T10:20:30.400Z" },
      { kind: "sold", shows: 8 },
      { kind: "closed", shows: 8 },
      { kind: "refused", quantity: 9, reason: "out_of_stock", shows: 8 },
      { kind: "write", quantity: 5, shows: 5 },
    ]);
    expect((await market.sim<Log>("GET", `/truth/log?after=${log.next}`)).body.entries).toEqual([]);
    expect((await market.sim<Log>("GET", "/truth/log?after=2&limit=1")).body.next).toBe(3);
  });

  test("does not believe in a listing that is not there", async () => {
    const market = await startMarketplace();
    const listings = [{ account: "mx-1", listing: OTHER_LISTING }];
    expect(await market.sim("PUT", "/physical", { groups: [{ id: "x", units: 1, listings }] })).toMatchObject(
      {
        status: 404,
        body: { code: "unknown_listing" },
      },
    );
  });
});

describe("the clock call", () => {
  test("moves time forward only", async () => {
    const market = await startMarketplace();
    const id = await market.buy(LISTING, 1, { closingGapMs: 60_000 });
    const moved = await market.sim("POST", "/clock", { now: "2026-11-23T10:30:00.000Z" });
    expect(moved).toMatchObject({ status: 200, body: { now: "2026-11-23T10:30:00.000Z", factor: 0 } });
    expect(await market.api("GET", `/orders/${id}`)).toMatchObject({ body: { status: "paid" } });
    expect(await market.sim("POST", "/clock", { now: "2026-11-23T10:29:59.000Z" })).toMatchObject({
      status: 400,
    });
    expect(await market.sim("POST", "/clock", { advanceMs: -1 })).toMatchObject({ status: 400 });
    expect(await market.sim("POST", "/clock", { factor: 60 })).toMatchObject({ body: { factor: 60 } });
  });
});

describe("accounts", () => {
  test("can be added and changed while it runs, and keep what is not named", async () => {
    const market = await startMarketplace();
    const before = await market.sim<{ accounts: unknown[] }>("GET", "/accounts");
    const added = await market.sim<{ accounts: unknown[] }>("PUT", "/accounts", {
      accounts: [{ account: "ar-1", siteId: "MLA", listings: [{ sellerSku: "KB-M", availableQuantity: 3 }] }],
    });
    expect(added.body.accounts).toEqual([
      ...before.body.accounts,
      expect.objectContaining({
        account: "ar-1",
        siteId: "MLA",
        refreshToken: expect.stringMatching(/^TG-/),
        listings: [
          expect.objectContaining({ listing: expect.stringMatching(/^MLA\d+$/), availableQuantity: 3 }),
        ],
      }),
    ]);
  });

  test("come in thousands in one call", async () => {
    const market = await startMarketplace();
    const listings = Array.from({ length: 20_000 }, (_, index) => ({
      listing: `MLM${4_000_000_000 + index}`,
      title: "A title as long as real titles are, so that the body weighs what it would weigh",
      sellerSku: `SKU-${index}`,
      availableQuantity: 3,
    }));
    const answer = await market.sim("PUT", "/accounts", { accounts: [{ account: "mx-1", listings }] });
    expect(answer.status).toBe(200);
    const groups = listings.map(({ listing, sellerSku }) => ({
      id: sellerSku,
      units: 3,
      listings: [{ account: "mx-1", listing }],
    }));
    expect(await market.sim("PUT", "/physical", { groups })).toMatchObject({ status: 200 });
    const path = `/users/${market.first.userId}/items/search?limit=1`;
    expect(await market.api("GET", path)).toMatchObject({ body: { paging: { total: 20_001 } } });
  });

  test("that cannot be read are refused in our own words", async () => {
    const market = await startMarketplace();
    expect(await market.sim("PUT", "/accounts", "{")).toMatchObject({
      status: 400,
      body: { code: "invalid_request", message: expect.stringContaining("body: ") },
    });
  });

  test("that collide are refused", async () => {
    const market = await startMarketplace();
    const put = (account: Record<string, unknown>) => market.sim("PUT", "/accounts", { accounts: [account] });
    expect(await put({ account: "x", userId: market.first.userId })).toMatchObject({ status: 400 });
    expect(await put({ account: "mx-2", listings: [{ listing: LISTING }] })).toMatchObject({ status: 400 });
    expect(await put({ account: "x", app: "nobody's" })).toMatchObject({ status: 400 });
    expect(await put({ account: "x", siteId: "MLX" })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining("accounts.0.siteId") },
    });
  });
});
