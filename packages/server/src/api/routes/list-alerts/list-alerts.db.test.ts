import { beforeAll, expect, test } from "vitest";

import { apiServer } from "../../../testing/api-server.ts";
import { testDatabase } from "../../../testing/test-database.ts";

const api = apiServer(await testDatabase());

const SKU = "KB-M";

function order(orderId: string, status: string, quantity: number) {
  return { channel: "web", orderId, status, lines: [{ lineId: "1", sku: SKU, quantity }] };
}

async function alerts(query = "") {
  return (await api.get(`/v1/alerts${query}`)).body.alerts;
}

beforeAll(async () => {
  await api.put(`/v1/skus/${SKU}`, {});
  const receipt = { kind: "receipt", sku: SKU, location: "main", units: 5, externalId: "r" };
  await api.post("/v1/movements", { movements: [receipt] });
});

test("an oversell is told with its units, its order and the youngest promise that could be given up", async () => {
  await api.post("/v1/orders", { orders: [order("old", "paid", 3), order("young", "pending", 4)] });
  expect(await alerts()).toMatchObject([
    {
      kind: "oversold",
      severity: "critical",
      sku: SKU,
      units: 2,
      order: { channel: "web", orderId: "young", lineId: null },
      proposal: {
        action: "give_up",
        order: { channel: "web", orderId: "young" },
        reservationId: null,
        units: 4,
      },
      resolvedAt: null,
      resolvedSeq: null,
    },
  ]);
});

test("the youngest is by when it was promised, not by when it was paid", async () => {
  await api.post("/v1/orders", { orders: [order("old", "paid", 3)] });
  await api.post("/v1/orders", { orders: [order("newest", "pending", 1)] });
  await api.post("/v1/orders", { orders: [order("young", "paid", 4)] });
  expect(await alerts()).toMatchObject([{ units: 3, proposal: { order: { orderId: "newest" }, units: 1 } }]);
});

test("what was cancelled or shipped since is not proposed", async () => {
  await api.post("/v1/orders", { orders: [order("newest", "cancelled", 1)] });
  await api.post("/v1/orders", { orders: [order("young", "shipped", 4)] });
  expect(await alerts()).toMatchObject([{ units: 2, proposal: { order: { orderId: "old" }, units: 3 } }]);
});

test("a hold is proposed as well, and nothing where nothing is promised", async () => {
  await api.post("/v1/movements", {
    movements: [{ kind: "adjustment", sku: SKU, location: "main", units: 10, externalId: "a-1" }],
  });
  await api.post("/v1/reservations", {
    reservationId: "cart",
    lines: [{ sku: SKU, units: 2 }],
    ttlSeconds: 600,
  });
  await api.post("/v1/movements", {
    movements: [{ kind: "adjustment", sku: SKU, location: "main", units: -9, externalId: "a-2" }],
  });
  expect(await alerts()).toMatchObject([
    { units: 3, order: null, proposal: { order: null, reservationId: "cart", units: 2 } },
  ]);
  await api.post("/v1/reservations/cart/release", {});
  await api.post("/v1/orders", { orders: [order("old", "shipped", 3)] });
  expect(await alerts()).toMatchObject([{ units: 1, proposal: null }]);
});

test("a resolved one is found among the resolved, with when", async () => {
  const found = await api.post("/v1/movements", {
    movements: [{ kind: "adjustment", sku: SKU, location: "main", units: 1, externalId: "a-3" }],
  });
  expect(await alerts()).toEqual([]);
  const resolved = await alerts("?state=resolved");
  expect(resolved[0]).toMatchObject({
    kind: "oversold",
    proposal: null,
    resolvedSeq: found.body.results[0].seq,
  });
  expect(Date.parse(resolved[0].resolvedAt)).toBeGreaterThanOrEqual(Date.parse(resolved[0].openedAt));
  expect(await alerts("?state=all")).toEqual(resolved);
});

test("alerts are filtered and paged", async () => {
  const unmapped = (orderId: string) => ({
    ...order(orderId, "paid", 1),
    lines: [{ lineId: "1", sku: orderId, quantity: 1 }],
  });
  await api.post("/v1/orders", { orders: ["x1", "x2", "x3"].map(unmapped) });
  expect(await alerts("?kind=unmapped_sale")).toHaveLength(3);
  expect(await alerts("?kind=oversold")).toEqual([]);
  expect(await alerts("?sku=x2")).toMatchObject([{ order: { orderId: "x2" } }]);
  const first = (await api.get("/v1/alerts?limit=2")).body;
  const second = (await api.get(`/v1/alerts?limit=2&cursor=${first.nextCursor}`)).body;
  const orders = [...first.alerts, ...second.alerts].map(
    ({ order: { orderId } }: { order: { orderId: string } }) => orderId,
  );
  expect(orders).toEqual(["x3", "x2", "x1"]);
  expect(second.nextCursor).toBeNull();
});
