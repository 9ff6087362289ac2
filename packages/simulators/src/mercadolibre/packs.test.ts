import { describe, expect, test } from "vitest";

import {
  available,
  cart,
  listings,
  readOrder,
  readPack,
  SECOND,
  shipmentOf,
  shop,
  THIRD,
} from "./test-cart.ts";
import { LISTING, startCallback, startMarketplace } from "./test-marketplace.ts";

describe("a cart", () => {
  test("is several orders of one thing each, with one pack and one shipment", async () => {
    const market = await shop();
    const { pack, ids } = await cart(market, [
      [LISTING, 2],
      [SECOND, 1],
    ]);
    const orders = await Promise.all(ids.map((id) => readOrder(market, id)));
    expect(orders).toMatchObject([
      { pack_id: pack, static_tags: ["pack_order"], order_items: [{ quantity: 2, item: { id: LISTING } }] },
      { pack_id: pack, order_items: [{ quantity: 1, item: { id: SECOND } }] },
    ]);
    expect(orders.every(({ tags }) => tags.includes("pack_order"))).toBe(true);
    const shipment = orders[0]?.shipping.id;
    expect(orders[1]?.shipping.id).toBe(shipment);
    expect(await readPack(market, pack)).toMatchObject({
      id: pack,
      status: "released",
      status_detail: null,
      shipment: { id: shipment },
      orders: ids.map((id) => ({ id })),
      date_created: "2026-11-23T06:20:30.000-0400",
    });
    expect([await available(market, LISTING), await available(market, SECOND)]).toEqual([8, 9]);
  });

  test("has no shipment before it is paid", async () => {
    const market = await shop();
    const { pack } = await cart(market, [[LISTING, 1]], { closingGapMs: 9_000 });
    expect(await readPack(market, pack)).toMatchObject({ status: "pending", shipment: null });
    market.clock.advance(9_000);
    expect(await readPack(market, pack)).toMatchObject({ status: "released" });
  });

  test("is refused as a whole when one line cannot be had", async () => {
    const market = await shop();
    const lines = [
      { listing: LISTING, quantity: 6 },
      { listing: LISTING, quantity: 6 },
    ];
    expect(await market.sim("POST", "/carts", { lines })).toMatchObject({
      status: 409,
      body: { accepted: false, reason: "out_of_stock", listing: LISTING },
    });
    expect(await market.sim("GET", "/truth")).toMatchObject({
      body: { totals: { acceptedOrders: 0, refusedAttempts: 1 } },
    });
  });

  test("ships together, and a failed delivery cancels all of it without a claim", async () => {
    const market = await shop();
    const { ids } = await cart(market, [
      [LISTING, 1],
      [SECOND, 1],
    ]);
    await market.sim("POST", `/orders/${ids[0]}/ship`, {});
    await market.sim("POST", `/orders/${ids[1]}/deliver`, { failed: true });
    for (const id of ids) {
      expect(await readOrder(market, id)).toMatchObject({
        status: "cancelled",
        cancel_detail: { group: "delivery" },
        mediations: [],
      });
    }
  });

  test("cancelled in part keeps its shipment until nothing is left in it", async () => {
    const market = await shop();
    const { pack, ids } = await cart(market, [
      [LISTING, 1],
      [SECOND, 1],
      [THIRD, 1],
    ]);
    const shipment = (await readPack(market, pack)).shipment?.id;
    await market.sim("POST", `/orders/${ids[0]}/cancel`, {});
    expect((await shipmentOf(market, shipment)).body.status).toBe("ready_to_ship");
    expect(await readPack(market, pack)).toMatchObject({ status: "released" });
    await market.sim("POST", `/orders/${ids[1]}/cancel`, { wholePack: true });
    expect((await shipmentOf(market, shipment)).body.status).toBe("cancelled");
    expect(await readPack(market, pack)).toMatchObject({ status: "cancelled", status_detail: null });
    expect((await readOrder(market, ids[2] ?? 0)).status).toBe("cancelled");
  });

  test("is hidden for the first moments, as its orders are, and always from others", async () => {
    const market = await startMarketplace({
      accounts: [{ account: "mx-1", listings }, { account: "mx-2" }],
      faults: { orderNotFoundMs: 3_000 },
    });
    const { pack } = await cart(market, [[LISTING, 1]]);
    expect(await market.api("GET", `/packs/${pack}`)).toMatchObject({ status: 404 });
    market.clock.advance(3_000);
    expect(await market.api("GET", `/packs/${pack}`)).toMatchObject({ status: 200 });
    const { accessToken: token } = market.second;
    expect(await market.api("GET", `/packs/${pack}`, { token })).toMatchObject({
      status: 403,
      body: { message: "The user has not access to the order" },
    });
    expect(await market.api("GET", "/packs/1")).toMatchObject({ status: 404 });
  });
});

describe("a shipment that is not there yet", () => {
  test("is null on the order, 204 on its list, and told when it comes", async () => {
    const callback = await startCallback();
    const market = await shop({
      callbackUrl: callback.url,
      topics: ["orders_v2", "shipments"],
      settings: { shipmentDelayMs: { min: 8_000, max: 8_000 } },
    });
    const id = await market.buy(LISTING, 1, { closingGapMs: 0 });
    expect(await readOrder(market, id)).toMatchObject({ status: "paid", shipping: { id: null } });
    expect(await market.api("GET", `/orders/${id}/shipments`)).toMatchObject({ status: 204 });
    market.clock.advance(1_000);
    await callback.count(1);
    market.clock.advance(8_000);
    await callback.count(3);
    const { shipping } = await readOrder(market, id);
    const shipments = await market.api("GET", `/orders/${id}/shipments`);
    expect(shipments).toMatchObject({ status: 200, body: [{ id: shipping.id, type: "forward" }] });
    expect(shipments.headers.get("x-new-domain")).toBe("true");
  });

  test("never comes when the order was cancelled meanwhile", async () => {
    const market = await shop({ settings: { shipmentDelayMs: { min: 8_000, max: 8_000 } } });
    const id = await market.buy(LISTING, 1, { closingGapMs: 0 });
    await market.sim("POST", `/orders/${id}/cancel`, {});
    market.clock.advance(8_000);
    expect(await readOrder(market, id)).toMatchObject({ status: "cancelled", shipping: { id: null } });
  });
});
