import { describe, expect, test } from "vitest";

import { type Callback, LISTING, OTHER_LISTING, type TestMarketplace } from "./test-marketplace.ts";
import { report, settled, wired as wiredTo } from "./test-notified.ts";

const wired: typeof wiredTo = (options) => wiredTo({ topics: ["orders_v2"], ...options });

const sale = (market: TestMarketplace): Promise<number> => market.buy(LISTING, 1, { closingGapMs: 0 });

const missed = async (
  market: TestMarketplace,
  query = "",
): Promise<{ _id: string; resource: string }[] | null> => {
  const path = `/missed_feeds?app_id=${market.first.clientId}${query}`;
  return (await market.api<{ messages: { _id: string; resource: string }[] | null }>("GET", path)).body
    .messages;
};

describe("a topic whose callback fails too often", () => {
  async function disabled(): Promise<{ market: TestMarketplace; callback: Callback }> {
    const { market, callback } = await wired({ settings: { topicDisabling: { afterConsecutive: 3 } } });
    callback.answerWith = () => 500;
    for (let one = 1; one <= 3; one += 1) {
      await sale(market);
      market.clock.advance(1_000);
      await settled(market, one);
    }
    return { market, callback };
  }

  test("is switched off, and what it would have said is nowhere", async () => {
    const { market, callback } = await disabled();
    callback.answerWith = () => 200;
    await sale(market);
    market.clock.advance(3_600_000);
    await settled(market, 3);
    // The retries of the first three as well as the fourth.
    expect(await report(market)).toMatchObject({ pending: 0, counts: { disabled: 4, missed: 0 } });
    expect(await missed(market)).toBeNull();
    expect(await market.api("GET", `/applications/${market.first.clientId}`)).toMatchObject({
      body: { notifications_topics: [] },
    });
    expect(await market.sim("GET", "/accounts")).toMatchObject({
      body: { apps: [{ disabledTopics: ["orders_v2"] }] },
    });
  });

  test("speaks again once somebody has subscribed again", async () => {
    const { market, callback } = await disabled();
    callback.answerWith = () => 200;
    await market.sim("PUT", "/accounts", { topics: ["orders_v2"] });
    const id = await sale(market);
    market.clock.advance(1_000);
    expect((await callback.count(4)).at(-1)).toMatchObject({ resource: `/orders/${id}` });
  });

  test("a good answer in between starts the count again", async () => {
    const { market, callback } = await wired({ settings: { topicDisabling: { afterConsecutive: 2 } } });
    const statuses = [500, 200, 500, 200];
    callback.answerWith = () => statuses.shift() ?? 200;
    for (let one = 1; one <= 4; one += 1) {
      await sale(market);
      market.clock.advance(1_000);
      await settled(market, one);
    }
    expect((await report(market)).counts.disabled).toBe(0);
  });

  test("an answer of 200 that is too slow counts as well", async () => {
    const settings = { topicDisabling: { afterConsecutive: 1, slowAnswerWallMs: 1 } };
    const { market, callback } = await wired({ settings });
    callback.answerAfterMs = 20;
    await sale(market);
    market.clock.advance(1_000);
    await callback.count(1);
    await settled(market, 1);
    await sale(market);
    market.clock.advance(1_000);
    expect((await report(market)).counts).toMatchObject({ delivered: 1, disabled: 1 });
  });
});

describe("a silent topic", () => {
  test("says nothing, and nothing of it is in the missed feeds", async () => {
    const { market, callback } = await wired({ topics: ["orders_v2", "items"] });
    await market.sim("PUT", "/faults", { notifications: { silent: ["orders_v2"] } });
    await sale(market);
    market.clock.advance(1_000);
    expect(await callback.count(1)).toMatchObject([{ topic: "items" }]);
    expect((await report(market)).counts).toMatchObject({ silenced: 1, missed: 0 });
    await market.sim("PUT", "/faults", { notifications: { silent: ["*"] } });
    await sale(market);
    market.clock.advance(3_600_000);
    expect((await report(market)).counts).toMatchObject({ silenced: 3, attempts: 1 });
    await market.sim("PUT", "/faults", { notifications: { silent: ["mx-1"] } });
    await sale(market);
    await market.buy(OTHER_LISTING, 1, { closingGapMs: 0 });
    market.clock.advance(1_000);
    expect((await callback.count(3)).slice(1)).toMatchObject([
      { user_id: market.second.userId },
      { user_id: market.second.userId },
    ]);
  });
});

test("how fast a callback answers is kept, with what came too late", async () => {
  const { market, callback } = await wired({ settings: { topicDisabling: { slowAnswerWallMs: 10 } } });
  const answers = async () =>
    (await market.sim<{ answerWallMs: Record<string, number | null> }>("GET", "/notifications")).body
      .answerWallMs;
  expect(await answers()).toEqual({ p50: null, p95: null, p99: null, max: null, late: 0 });
  callback.answerAfterMs = 30;
  await sale(market);
  market.clock.advance(1_000);
  await settled(market, 1);
  const { p50, max, late } = await answers();
  expect(late).toBe(1);
  expect(max).toBe(p50);
  expect(max).toBeGreaterThan(10);
});

describe("a burst", () => {
  test("tells one change several times, each with its own id", async () => {
    const { market, callback } = await wired({ faults: { notifications: { burst: 1, burstSize: 5 } } });
    const id = await sale(market);
    market.clock.advance(1_000);
    const arrivals = await callback.count(5);
    expect(new Set(arrivals.map(({ _id }) => _id)).size).toBe(5);
    expect(new Set(arrivals.map(({ resource }) => resource))).toEqual(new Set([`/orders/${id}`]));
  });
});

describe("the other documented shape", () => {
  test("has `id` and a user id that is a string", async () => {
    const { market, callback } = await wired({ faults: { notifications: { otherShape: 1 } } });
    await sale(market);
    market.clock.advance(1_000);
    const [arrival] = await callback.count(1);
    expect(arrival).toMatchObject({ id: expect.any(String), user_id: String(market.first.userId) });
    expect(arrival).not.toHaveProperty("_id");
  });
});

describe("missed feeds", () => {
  test("repeat rows between pages when so set, and still end", async () => {
    const { market } = await wired({ callbackUrl: "http://127.0.0.1:1/nobody" });
    await market.sim("POST", "/publish", {
      account: "mx-1",
      topic: "orders_v2",
      resource: "/orders/1",
      times: 20,
    });
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      market.clock.advance(13 * 60_000);
      await settled(market, 20 * attempt);
    }
    await market.sim("PUT", "/faults", { notifications: { missedRowsRepeat: true } });
    const first = await missed(market);
    const second = await missed(market, "&offset=10");
    expect([first?.length, second?.length]).toEqual([10, 10]);
    expect(second?.[0]?._id).toBe(first?.[9]?._id);
    expect(await missed(market, "&offset=20")).toHaveLength(1);
    expect(await missed(market, "&offset=30")).toBeNull();
  });
});

describe("anything can be told", () => {
  test("through the marketplace's own delays, to subscribers only", async () => {
    const { market, callback } = await wired({ topics: ["orders_v2", "price_suggestion"] });
    const event = { account: "mx-1", topic: "price_suggestion", resource: "suggestions/items/MLM1/details" };
    const published = await market.sim("POST", "/publish", {
      ...event,
      actions: ["price_suggestion"],
      times: 3,
    });
    expect(published).toMatchObject({ status: 200, body: { published: 3 } });
    market.clock.advance(1_000);
    expect(await callback.count(3)).toMatchObject([{ actions: ["price_suggestion"], attempts: 1 }, {}, {}]);
    await market.sim("POST", "/publish", { ...event, topic: "questions" });
    expect((await report(market)).counts).toMatchObject({ unsubscribed: 1 });
    expect(await market.sim("POST", "/publish", { ...event, account: "x" })).toMatchObject({ status: 404 });
  });
});
