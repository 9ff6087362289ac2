import { beforeAll, expect, test } from "vitest";

import { apiServer } from "../../../testing/api-server.ts";
import { testDatabase } from "../../../testing/test-database.ts";

const api = apiServer(await testDatabase());

beforeAll(async () => {
  await api.put("/v1/skus/A", {});
  const order = (channel: string, orderId: string, status: string) => ({
    channel,
    orderId,
    status,
    placedAt: "2026-01-01T00:00:00Z",
    lines: [{ lineId: "1", sku: "A", quantity: 1 }],
  });
  await api.post("/v1/orders", {
    orders: [
      order("web", "1", "paid"),
      order("shop", "1", "pending"),
      order("web", "2", "paid"),
      order("web", "3", "cancelled"),
    ],
  });
  await api.post("/v1/orders", { orders: [order("web", "1", "shipped")] });
});

async function idsOf(query: string): Promise<string[]> {
  const { body } = await api.get(`/v1/orders${query}`);
  return body.orders.map(
    ({ channel, orderId }: { channel: string; orderId: string }) => `${channel}/${orderId}`,
  );
}

test("lists orders by when they were first seen, newest first, page by page", async () => {
  expect(await idsOf("")).toEqual(["web/3", "web/2", "shop/1", "web/1"]);
  const first = (await api.get("/v1/orders?limit=3")).body;
  expect(await idsOf(`?limit=3&cursor=${first.nextCursor}`)).toEqual(["web/1"]);
});

test("lists by channel and status", async () => {
  expect(await idsOf("?channel=web")).toEqual(["web/3", "web/2", "web/1"]);
  expect(await idsOf("?status=shipped")).toEqual(["web/1"]);
  expect(await idsOf("?channel=shop&status=paid")).toEqual([]);
});

test("tells an order's state and when it was heard", async () => {
  const { body } = await api.get("/v1/orders/web/1");
  expect(body).toMatchObject({
    status: "shipped",
    placedAt: "2026-01-01T00:00:00.000Z",
    updatedAt: null,
    doNotShip: false,
    reservationId: null,
    lines: [
      {
        lineId: "1",
        sku: "A",
        listing: null,
        quantity: 1,
        shipped: 1,
        cancelled: 0,
        fulfilledBy: "seller",
        mapped: true,
        components: [{ sku: "A", units: 1 }],
        claim: { reserved: 0, committed: 0, shipped: { main: 1 }, returning: 0 },
      },
    ],
  });
  expect(body.lastSeq).toBeGreaterThan(body.firstSeq);
  expect(await api.get("/v1/orders/web/9")).toMatchObject({ status: 404, body: { code: "unknown_order" } });
});

test("lists the orders of which units of a SKU are on their way back, and no longer once they came", async () => {
  const line = { lineId: "1", sku: "A", quantity: 3, shipped: 3 };
  const order = (orderId: string, returning: number) => ({
    channel: "back",
    orderId,
    status: "shipped",
    lines: [{ ...line, returning }],
  });
  await api.put("/v1/skus/B", {});
  await api.post("/v1/orders", { orders: [order("1", 2), order("2", 0), order("3", 1)] });
  expect(await idsOf("?returning=A")).toEqual(["back/3", "back/1"]);
  expect(await idsOf("?returning=B")).toEqual([]);
  const returned = (orderId: string, units: number) => ({
    kind: "return",
    sku: "A",
    location: "main",
    units,
    externalId: `${orderId}/${units}`,
    order: { channel: "back", orderId, lineId: "1" },
  });
  await api.post("/v1/movements", { movements: [returned("1", 1), returned("3", 1)] });
  expect(await idsOf("?returning=A")).toEqual(["back/1"]);
});
