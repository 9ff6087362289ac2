import { describe, expect, test } from "vitest";

import { LISTING } from "./test-marketplace.ts";
import { report, resources, settled, wired } from "./test-notified.ts";

describe("faults", () => {
  test("lose notifications without a trace", async () => {
    const { market, callback } = await wired({ faults: { notifications: { loss: 1 } } });
    await market.buy(LISTING, 1, { closingGapMs: 0 });
    market.clock.advance(3_600_000);
    expect(await report(market)).toMatchObject({
      pending: 0,
      counts: { created: 2, lost: 2, attempts: 0, missed: 0 },
    });
    expect(callback.arrivals).toEqual([]);
  });

  test("send them twice, with another id", async () => {
    const { market, callback } = await wired({
      topics: ["orders_v2"],
      faults: { notifications: { duplicate: 1 } },
    });
    const id = await market.buy(LISTING, 1, { closingGapMs: 0 });
    market.clock.advance(1_000);
    const arrivals = await callback.count(2);
    expect(resources(arrivals)).toEqual([`orders_v2 /orders/${id}`, `orders_v2 /orders/${id}`]);
    expect(new Set(arrivals.map(({ _id }) => _id)).size).toBe(2);
  });

  test("hold them back, so that a later one comes first", async () => {
    const { market, callback } = await wired({ topics: ["orders_v2"] });
    await market.sim("PUT", "/faults", { notifications: { slow: 1, slowMs: 60_000 } });
    const slow = await market.buy(LISTING, 1, { closingGapMs: 0 });
    await market.sim("PUT", "/faults", {});
    const quick = await market.buy(LISTING, 1, { closingGapMs: 0 });
    market.clock.advance(1_000);
    await callback.count(1);
    market.clock.advance(60_000);
    const arrivals = await callback.count(2);
    expect(arrivals.map(({ resource }) => resource)).toEqual([`/orders/${quick}`, `/orders/${slow}`]);
  });

  test("reorder within the time given", async () => {
    const { market, callback } = await wired({
      topics: ["orders_v2"],
      faults: { notifications: { reorder: 1, reorderMs: 600_000, latencyMs: { min: 0, max: 0 } } },
    });
    const orders: string[] = [];
    for (let order = 0; order < 8; order += 1) {
      orders.push(`/orders/${await market.buy(LISTING, 1, { closingGapMs: 0 })}`);
    }
    for (let minute = 0; minute < 60; minute += 1) {
      market.clock.advance(10_000);
      const { counts } = await report(market);
      await settled(market, counts.attempts ?? 0);
    }
    const arrivals = await callback.count(8);
    const order = arrivals.map(({ resource }) => resource);
    expect(order).not.toEqual(orders);
    expect(order.toSorted()).toEqual(orders.toSorted());
  });

  test("add some that mean nothing", async () => {
    const { market, callback } = await wired({ topics: ["items"], faults: { notifications: { noop: 1 } } });
    await market.api("PUT", `/items/${LISTING}`, { body: { available_quantity: 9 } });
    market.clock.advance(61_000);
    expect(resources(await callback.count(2))).toEqual([
      `items /items/${LISTING}`,
      `items /items/${LISTING}`,
    ]);
  });
});

test("any body can be sent, to try what a callback does with it", async () => {
  const { market, callback } = await wired();
  const forged = { _id: "x", topic: "orders_v2", resource: "/orders/../../etc/passwd", user_id: 1 };
  const answer = await market.sim("POST", "/notify", { body: forged });
  expect(answer).toMatchObject({ status: 200, body: { status: 200 } });
  expect(callback.arrivals).toEqual([forged]);
  expect(await market.sim("POST", "/notify", { url: "http://127.0.0.1:1/", body: "raw" })).toMatchObject({
    body: { status: 0, error: expect.any(String) },
  });
});
