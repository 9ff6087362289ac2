import { describe, expect, test } from "vitest";

import { LISTING, startCallback, startMarketplace, type TestMarketplace } from "./test-marketplace.ts";

const SECOND = "MLM1000000002";
const THIRD = "MLM1000000003";

const listings = [LISTING, SECOND, THIRD].map((listing) => ({ listing, availableQuantity: 10 }));

async function shop(options = {}): Promise<TestMarketplace> {
  return startMarketplace({ accounts: [{ account: "mx-1", listings }], ...options });
}

interface Cart {
  packs: number[];
  orders: { orderId: number }[];
}

interface Bought {
  pack: number;
  ids: number[];
}

async function cart(
  market: TestMarketplace,
  lines: [string, number][],
  more: Record<string, unknown> = { closingGapMs: 0 },
): Promise<Bought> {
  const body = { lines: lines.map(([listing, quantity]) => ({ listing, quantity })), ...more };
  const answer = await market.sim<Cart>("POST", "/carts", body);
  expect(answer).toMatchObject({ status: 201, body: { accepted: true } });
  return { pack: answer.body.packs[0] ?? 0, ids: answer.body.orders.map(({ orderId }) => orderId) };
}

interface OrderBody {
  id: number;
  status: string;
  pack_id: number | null;
  tags: string[];
  shipping: { id: number | null };
  order_items: { quantity: number; item: { id: string } }[];
  cancel_detail: Record<string, unknown> | null;
}

const readOrder = async (market: TestMarketplace, id: number): Promise<OrderBody> =>
  (await market.api<OrderBody>("GET", `/orders/${id}`)).body;

interface PackBody {
  status: string;
  status_detail: string | null;
  orders: { id: number }[];
  shipment: { id: number } | null;
}

const readPack = async (market: TestMarketplace, id: number): Promise<PackBody> =>
  (await market.api<PackBody>("GET", `/packs/${id}`)).body;

const shipmentOf = (market: TestMarketplace, id: number | null | undefined) =>
  market.api<{ status: string; substatus: string | null; sibling: Record<string, unknown> }>(
    "GET",
    `/shipments/${id}`,
    { headers: { "x-format-new": "true" } },
  );

const available = async (market: TestMarketplace, item: string): Promise<number> =>
  (await market.api<{ available_quantity: number }>("GET", `/items/${item}`)).body.available_quantity;

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
