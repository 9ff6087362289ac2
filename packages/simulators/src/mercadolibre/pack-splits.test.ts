import { describe, expect, test } from "vitest";

import { available, cart, readOrder, readPack, SECOND, shipmentOf, shop } from "./test-cart.ts";
import { LISTING, startCallback } from "./test-marketplace.ts";

describe("a split pack", () => {
  test("is cancelled and comes again as other orders and shipments, which point back", async () => {
    const market = await shop();
    const { pack, ids } = await cart(market, [
      [LISTING, 2],
      [SECOND, 1],
    ]);
    const old = (await readPack(market, pack)).shipment?.id;
    await market.sim("POST", `/orders/${ids[0]}/split`, { gapMs: 4_000 });
    for (const id of ids) {
      expect(await readOrder(market, id)).toMatchObject({
        status: "cancelled",
        cancel_detail: {
          code: "pack_splitted",
          group: "internal",
          requested_by: "meli",
          description: "Purchases has splitted the pack",
        },
        payments: [{ status: "refunded" }],
      });
    }
    expect(await readPack(market, pack)).toMatchObject({ status: "cancelled", status_detail: "splitted" });
    expect((await shipmentOf(market, old)).body).toMatchObject({
      status: "cancelled",
      substatus: "pack_splitted",
    });
    const list = () => market.sim<{ orders: { orderId: number; status: string }[] }>("GET", "/orders");
    expect((await list()).body.orders).toHaveLength(2);
    market.clock.advance(4_000);
    const successors = (await list()).body.orders.filter(({ status }) => status === "paid");
    const orders = await Promise.all(successors.map(({ orderId }) => readOrder(market, orderId)));
    expect(orders).toMatchObject([
      { order_items: [{ quantity: 2, item: { id: LISTING } }], cancel_detail: null },
      { order_items: [{ quantity: 1, item: { id: SECOND } }], cancel_detail: null },
    ]);
    expect(new Set(orders.map(({ pack_id: id }) => id)).size).toBe(2);
    for (const { shipping } of orders) {
      expect((await shipmentOf(market, shipping.id)).body).toMatchObject({
        status: "ready_to_ship",
        sibling: { sibling_id: old, reason: "OTHER_MOTIVE" },
      });
    }
    expect([await available(market, LISTING), await available(market, SECOND)]).toEqual([8, 9]);
  });

  test("moves no unit in the truth, and a successor's cancellation gives back only its own", async () => {
    const market = await shop();
    const groups = [{ id: "KB", units: 10, listings: [{ account: "mx-1", listing: LISTING }] }];
    await market.sim("PUT", "/physical", { groups });
    const { ids } = await cart(market, [[LISTING, 5]]);
    await market.sim("POST", `/orders/${ids[0]}/split`, { gapMs: 0 });
    const group = async () =>
      (await market.sim<{ groups: Record<string, number>[] }>("GET", "/truth")).body.groups[0];
    expect(await group()).toMatchObject({ acceptedUnits: 5, releasedUnits: 0, netAcceptedUnits: 5 });
    const { orders } = (
      await market.sim<{ orders: { orderId: number; status: string; quantity: number }[] }>("GET", "/orders")
    ).body;
    const single = orders.find(({ status, quantity }) => status === "paid" && quantity === 1);
    await market.sim("POST", `/orders/${single?.orderId}/cancel`, {});
    expect(await group()).toMatchObject({ acceptedUnits: 5, releasedUnits: 1, netAcceptedUnits: 4 });
  });

  test("can be asked for by the seller, complete and once", async () => {
    const market = await shop({ settings: { packSplitGapMs: { min: 0, max: 0 } } });
    const { pack, ids } = await cart(market, [
      [LISTING, 2],
      [SECOND, 1],
    ]);
    const shipment = (await readPack(market, pack)).shipment?.id;
    const [first = 0, second = 0] = ids;
    const split = (packs: unknown, reason = "FRAGILE") =>
      market.api("POST", `/shipments/${shipment}/split`, { body: { reason, packs } });
    const order = (id: number, quantity: number) => ({ id, quantity });
    const wrong = [
      [{ orders: [order(first, 2), order(second, 1)] }],
      [{ orders: [order(first, 1)] }, { orders: [order(second, 1)] }],
      [{ orders: [order(first, 2)] }, { orders: [order(5, 1)] }],
    ];
    for (const packs of wrong) expect(await split(packs)).toMatchObject({ status: 400 });
    const packs = [{ orders: [order(first, 1)] }, { orders: [order(first, 1), order(second, 1)] }];
    expect(await split(packs, "BECAUSE")).toMatchObject({ status: 400 });
    expect(await split(packs)).toMatchObject({ status: 200, body: {} });
    expect(await split(packs)).toMatchObject({ status: 400 });
    const { orders } = (
      await market.sim<{ orders: { status: string; quantity: number; shipmentId: number }[] }>(
        "GET",
        "/orders",
      )
    ).body;
    const paid = orders.filter(({ status }) => status === "paid");
    expect(paid.map(({ quantity }) => quantity)).toEqual([1, 1, 1]);
    expect(new Set(paid.map(({ shipmentId }) => shipmentId)).size).toBe(2);
    const again = await market.api("POST", `/shipments/${paid[1]?.shipmentId}/split`, {
      body: { reason: "FRAGILE", packs },
    });
    expect(again).toMatchObject({ status: 400, body: { message: "the shipment was split before" } });
  });

  test("is told as orders and shipments, old and new", async () => {
    const callback = await startCallback();
    const market = await shop({ callbackUrl: callback.url, topics: ["orders_v2", "shipments"] });
    const { ids } = await cart(market, [[LISTING, 2]]);
    market.clock.advance(1_000);
    await callback.count(2);
    await market.sim("POST", `/orders/${ids[0]}/split`, { gapMs: 0 });
    market.clock.advance(1_000);
    const arrivals = await callback.count(8);
    const told = (topic: string) =>
      new Set(arrivals.filter((one) => one.topic === topic).map((one) => one.resource));
    expect([told("orders_v2").size, told("shipments").size]).toEqual([3, 3]);
  });
});
