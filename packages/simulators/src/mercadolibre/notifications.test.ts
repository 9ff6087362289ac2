import { describe, expect, test } from "vitest";

import {
  LISTING,
  OTHER_LISTING,
  START_AT,
  startMarketplace,
  type TestMarketplace,
} from "./test-marketplace.ts";
import { report, resources, settled, wired } from "./test-notified.ts";

describe("a sale", () => {
  test("is told as an order and as a change of the item, in the vendor's words", async () => {
    const { market, callback } = await wired();
    const id = await market.buy(LISTING, 2, { closingGapMs: 0 });
    market.clock.advance(199);
    expect(callback.arrivals).toHaveLength(0);
    market.clock.advance(801);
    const arrivals = await callback.count(2);
    expect(resources(arrivals)).toEqual([`items /items/${LISTING}`, `orders_v2 /orders/${id}`]);
    const order = arrivals.find(({ topic }) => topic === "orders_v2");
    expect(order).toEqual({
      _id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      topic: "orders_v2",
      resource: `/orders/${id}`,
      user_id: market.first.userId,
      application_id: Number(market.first.clientId),
      attempts: 1,
      actions: [],
      sent: expect.any(String),
      received: new Date(START_AT).toISOString(),
    });
    const gapMs = Date.parse(order?.sent ?? "") - Date.parse(order?.received ?? "");
    expect(gapMs).toBeGreaterThanOrEqual(100);
    expect(gapMs).toBeLessThanOrEqual(900);
  });

  test("with a gap tells the order twice", async () => {
    const { market, callback } = await wired();
    const id = await market.buy(LISTING, 1, { closingGapMs: 10_000 });
    market.clock.advance(1_000);
    expect(resources(await callback.count(1))).toEqual([`orders_v2 /orders/${id}`]);
    market.clock.advance(10_000);
    expect(resources(await callback.count(3))).toEqual([
      `items /items/${LISTING}`,
      `orders_v2 /orders/${id}`,
      `orders_v2 /orders/${id}`,
    ]);
  });

  test("tells all topics that are subscribed, each with its own path", async () => {
    const topics = ["orders_v2", "items", "payments", "shipments", "stock-locations", "post_purchase"];
    const { market, callback } = await wired({ topics });
    const id = await market.buy(LISTING, 1, { closingGapMs: 0 });
    await market.sim("POST", `/orders/${id}/ship`, {});
    await market.sim("POST", `/orders/${id}/return`, {});
    market.clock.advance(1_000);
    const arrivals = await callback.count(10);
    const patterns = [
      /^items \/items\/MLM\d+$/,
      /^orders_v2 \/orders\/\d+$/,
      /^payments \/collections\/\d+$/,
      /^shipments \/shipments\/\d+$/,
      /^stock-locations \/user-products\/MLMU\d+\/stock$/,
      /^post_purchase \/post-purchase\/v1\/claims\/\d+$/,
    ];
    for (const pattern of patterns) expect(resources(arrivals).some((text) => pattern.test(text))).toBe(true);
    expect(arrivals.find(({ topic }) => topic === "post_purchase")).toMatchObject({ actions: ["claims"] });
  });
});

test("our own write echoes as a change of the item, and only to its own seller", async () => {
  const { market, callback } = await wired();
  await market.api("PUT", `/items/${OTHER_LISTING}`, {
    token: market.second.accessToken,
    body: { available_quantity: 4 },
  });
  market.clock.advance(1_000);
  expect(await callback.count(1)).toMatchObject([
    { topic: "items", resource: `/items/${OTHER_LISTING}`, user_id: market.second.userId },
  ]);
});

test("a hand's edit in the panel is told like any other change", async () => {
  const { market, callback } = await wired();
  const listings = [{ listing: LISTING, availableQuantity: 99 }];
  await market.sim("PUT", "/accounts", { accounts: [{ account: "mx-1", listings }] });
  market.clock.advance(1_000);
  expect(await callback.count(1)).toMatchObject([{ topic: "items", resource: `/items/${LISTING}` }]);
});

describe("a notification that is not answered with 200", () => {
  test("comes again with the same id, up to eight times within an hour, and then stands in the missed feeds", async () => {
    const { market, callback } = await wired({ topics: ["orders_v2"] });
    callback.answerWith = () => 500;
    const id = await market.buy(LISTING, 1, { closingGapMs: 0 });
    market.clock.advance(1_000);
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      await settled(market, attempt);
      market.clock.advance(13 * 60_000);
    }
    await settled(market, 8);
    const arrivals = await callback.count(8);
    expect(new Set(arrivals.map(({ _id }) => _id)).size).toBe(1);
    expect(arrivals.map(({ attempts }) => attempts)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    // As captured: a retry misspells the field and writes nanoseconds.
    expect(arrivals[1]).not.toHaveProperty("received");
    expect(arrivals[1]?.recieved).toBe("2026-11-23T10:20:30.400000000Z");
    const path = `/missed_feeds?app_id=${market.first.clientId}&topic=orders_v2`;
    const missed = await market.api<{ messages: Record<string, unknown>[] }>("GET", path);
    expect(missed.body.messages).toMatchObject([
      {
        _id: arrivals[0]?._id,
        resource: `/orders/${id}`,
        user_id: String(market.first.userId),
        topic: "orders_v2",
        attempts: 8,
        source: "missed",
        request: { url: callback.url },
        response: { http_code: 500 },
      },
    ]);
  });

  test("stands in the missed feeds from its third failure on, until it is taken", async () => {
    const { market, callback } = await wired({ topics: ["orders_v2"] });
    callback.answerWith = ({ attempts }) => (attempts <= 3 ? 307 : 200);
    await market.buy(LISTING, 1, { closingGapMs: 0 });
    const path = `/missed_feeds?app_id=${market.first.clientId}`;
    const missed = async () =>
      (await market.api<{ messages: unknown[] | null }>("GET", path)).body.messages?.length ?? null;
    const seen: (number | null)[] = [];
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      market.clock.advance(13 * 60_000);
      await settled(market, attempt);
      seen.push(await missed());
    }
    expect(seen).toEqual([null, null, 1, null]);
  });

  test("is forgotten after two days", async () => {
    const { market, callback } = await wired({ topics: ["orders_v2"] });
    callback.answerWith = () => 503;
    await market.buy(LISTING, 1, { closingGapMs: 0 });
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      market.clock.advance(13 * 60_000);
      await settled(market, attempt);
    }
    const path = `/missed_feeds?app_id=${market.first.clientId}`;
    const before = await market.api<{ messages: unknown[] | null }>("GET", path);
    expect(before.body.messages).toHaveLength(1);
    await market.sim("POST", "/clock", { advanceMs: 2 * 86_400_000 });
    const tokens = (await market.sim<{ accounts: { refreshToken: string }[] }>("GET", "/accounts")).body;
    const fresh = await renew(market, tokens.accounts[0]?.refreshToken ?? "");
    expect(await market.api("GET", path, { token: fresh })).toMatchObject({ body: { messages: null } });
  });

  test("counts as failed when the callback is silent for too long, or is not there", async () => {
    const settings = { deliveryTimeoutWallMs: 50 };
    const { market, callback } = await wired({ topics: ["orders_v2"], settings });
    callback.answerWith = () => "never";
    await market.buy(LISTING, 1, { closingGapMs: 0 });
    market.clock.advance(1_000);
    await settled(market, 1);
    await market.sim("PUT", "/accounts", { callbackUrl: "http://127.0.0.1:1/nobody" });
    market.clock.advance(13 * 60_000);
    await settled(market, 2);
    expect((await report(market)).recent).toMatchObject([
      { attempts: 1, state: "failed", status: 0 },
      { attempts: 2, state: "failed", status: 0 },
    ]);
    callback.answerWith = () => 200;
    await market.sim("PUT", "/accounts", { callbackUrl: callback.url });
    market.clock.advance(13 * 60_000);
    expect(await callback.count(2)).toMatchObject([{ attempts: 1 }, { attempts: 3 }]);
  });
});

async function renew(market: TestMarketplace, refreshToken: string): Promise<string> {
  const { clientId, clientSecret } = market.first;
  const response = await fetch(market.tokenUrl, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "refresh_token",
      client_id: clientId,
      client_secret: clientSecret,
      refresh_token: refreshToken,
    }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

describe("missed feeds", () => {
  test("want the site for items, the app's own id, and end in null", async () => {
    const market = await startMarketplace();
    const app = market.first.clientId;
    expect(await market.api("GET", "/missed_feeds")).toMatchObject({ status: 400 });
    expect(await market.api("GET", "/missed_feeds?app_id=1")).toMatchObject({ status: 403 });
    expect(await market.api("GET", `/missed_feeds?app_id=${app}&topic=items`)).toMatchObject({ status: 400 });
    expect(await market.api("GET", `/missed_feeds?app_id=${app}&topic=items&site_id=MLM`)).toMatchObject({
      status: 200,
      body: { messages: null },
    });
  });

  test("page by ten", async () => {
    const { market } = await wired({ topics: ["orders_v2"], callbackUrl: "http://127.0.0.1:1/nobody" });
    for (let order = 0; order < 9; order += 1) await market.buy(LISTING, 1, { closingGapMs: 0 });
    await market.buy(OTHER_LISTING, 1, { closingGapMs: 0 });
    await market.buy(OTHER_LISTING, 1, { closingGapMs: 0 });
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      market.clock.advance(13 * 60_000);
      await settled(market, 11 * attempt);
    }
    const page = async (offset: number) => {
      const path = `/missed_feeds?app_id=${market.first.clientId}&offset=${offset}`;
      return (await market.api<{ messages: unknown[] | null }>("GET", path)).body.messages?.length ?? null;
    };
    expect([await page(0), await page(10), await page(20)]).toEqual([10, 1, null]);
  });
});
