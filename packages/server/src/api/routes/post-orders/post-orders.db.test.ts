import { beforeAll, expect, test } from "vitest";

import { apiServer } from "../../../testing/api-server.ts";
import { testDatabase } from "../../../testing/test-database.ts";

const api = apiServer(await testDatabase());

beforeAll(async () => {
  await api.put("/v1/skus/KB-M", {});
  await api.put("/v1/skus/GEL", {});
  const receipt = { kind: "receipt", sku: "KB-M", location: "main", units: 100, externalId: "r" };
  await api.post("/v1/movements", { movements: [receipt] });
});

const LINE = { lineId: "1", sku: "KB-M", quantity: 2 };

function order(orderId: string, changes: object = {}) {
  return { channel: "web", orderId, status: "paid", lines: [LINE], ...changes };
}

async function post(...orders: object[]) {
  return (await api.post("/v1/orders", { orders })).body.results;
}

async function numbers(sku = "KB-M") {
  const { onHand, available, reserved, committed, returning } = (
    await api.get(`/v1/skus/${sku}/availability`)
  ).body;
  return { onHand, available, reserved, committed, returning };
}

test("an order's life moves what DESIGN §3 says", async () => {
  const start = await numbers();
  await post(order("L", { status: "pending", updatedAt: "2026-01-01T10:00:00Z" }));
  expect(await numbers()).toEqual({ ...start, available: start.available - 2, reserved: 2 });
  await post(order("L", { updatedAt: "2026-01-01T10:01:00Z" }));
  expect(await numbers()).toEqual({ ...start, available: start.available - 2, committed: 2 });
  await post(order("L", { status: "shipped", updatedAt: "2026-01-01T10:02:00Z" }));
  expect(await numbers()).toEqual({ ...start, available: start.available - 2, onHand: start.onHand - 2 });
  const back = { ...LINE, shipped: 2, returning: 1 };
  await post(order("L", { status: "shipped", updatedAt: "2026-01-02T10:00:00Z", lines: [back] }));
  expect((await numbers()).returning).toBe(1);
  expect((await api.get("/v1/orders/web/L")).body).toMatchObject({
    status: "shipped",
    lines: [
      { lineId: "1", sku: "KB-M", quantity: 2, shipped: 2, returning: 1, claim: { shipped: { main: 2 } } },
    ],
  });
});

test("the same state again has the same answer, a late one changes nothing", async () => {
  const paid = order("R", { updatedAt: "2026-01-01T11:00:00Z" });
  const [first] = await post(paid);
  const before = await numbers();
  expect(await post(paid)).toEqual([first]);
  await post(order("R", { status: "pending", updatedAt: "2026-01-01T10:00:00Z" }));
  expect(await numbers()).toEqual(before);
});

test("an order has up to a thousand lines, one more is refused", async () => {
  const lines = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ lineId: String(index), sku: "GEL", quantity: 1 }));
  expect(
    await post(order("big", { lines: lines(1_000) }), order("bigger", { lines: lines(1_001) })),
  ).toMatchObject([{ ok: true }, { ok: false, field: "lines" }]);
  expect((await numbers("GEL")).committed).toBe(1_000);
});

test("a line that names nothing known is answered, alarmed and posted once it is mended", async () => {
  const lines = [
    LINE,
    { lineId: "2", sku: "NOBODY", quantity: 3 },
    { lineId: "3", listing: "MLM", quantity: 1 },
  ];
  const [result] = await post(order("U", { lines }));
  expect(result).toEqual({ ok: true, seq: expect.any(Number), unmapped: ["2", "3"] });
  expect((await api.get("/v1/alerts?kind=unmapped_sale")).body.alerts).toMatchObject([
    { order: { channel: "web", orderId: "U", lineId: "3" }, units: 1 },
    { order: { channel: "web", orderId: "U", lineId: "2" }, units: 3, sku: "NOBODY" },
  ]);
  expect((await api.get("/v1/orders?unmapped=true")).body.orders).toMatchObject([{ orderId: "U" }]);
  const before = await numbers("GEL");
  const remap = { lines: [{ lineId: "2", components: [{ sku: "GEL", units: 2 }] }] };
  expect((await api.post("/v1/orders/web/U/remap", remap)).body).toMatchObject({ ok: true });
  expect((await numbers("GEL")).committed).toBe(before.committed + 6);
  await api.put("/v1/listings/web/MLM", { components: [{ sku: "GEL", units: 1 }] });
  expect((await api.get("/v1/alerts?kind=unmapped_sale")).body.alerts).toEqual([]);
  expect((await api.get("/v1/orders?unmapped=true")).body.orders).toEqual([]);
});

test("a wrong recipe is mended by a remap; unknown orders, lines and SKUs are refused", async () => {
  await post(order("M"));
  const remap = (body: object, orderId = "M") => api.post(`/v1/orders/web/${orderId}/remap`, body);
  const before = await numbers();
  const lines = [{ lineId: "1", components: [{ sku: "GEL", units: 1 }] }];
  const first = await remap({ lines });
  expect((await numbers()).committed).toBe(before.committed - 2);
  expect((await remap({ lines })).status).toBe(200);
  expect((await remap({})).body.seq).toBeGreaterThan(first.body.seq);
  expect(await numbers()).toEqual(before);
  expect(await remap({}, "NOPE")).toMatchObject({ status: 404, body: { code: "unknown_order" } });
  expect(await remap({ lines: [{ lineId: "9" }] })).toMatchObject({
    status: 404,
    body: { field: "lines.0.lineId" },
  });
  const unknown = [{ lineId: "1", components: [{ sku: "NOPE", units: 1 }] }];
  expect(await remap({ lines: unknown })).toMatchObject({
    status: 404,
    body: { field: "lines.0.components.0.sku" },
  });
  expect(await remap({ lines: [] })).toMatchObject({ status: 400, body: { field: "lines" } });
});

test("a reservation becomes the order's claim", async () => {
  const before = await numbers();
  await api.post("/v1/reservations", {
    reservationId: "cart",
    lines: [{ sku: "KB-M", units: 2 }],
    ttlSeconds: 600,
  });
  expect(await post(order("C", { reservationId: "cart" }))).toMatchObject([{ ok: true }]);
  expect(await numbers()).toEqual({
    ...before,
    available: before.available - 2,
    committed: before.committed + 2,
  });
  expect((await api.get("/v1/reservations/cart")).body.state).toBe("claimed");
});

test("an unknown channel is made at first use", async () => {
  await post(order("1", { channel: "market stall" }));
  expect((await api.get("/v1/connections/market%20stall")).body).toMatchObject({ kind: "api", mode: "live" });
});

test("a buyer's request to cancel is shown, alarmed and settled by the cancellation, and releases nothing", async () => {
  const asked = { cancelRequested: true, doNotShip: true, updatedAt: "2026-11-01T09:00:00Z" };
  await post(order("asked", asked));
  const shown = async () => (await api.get("/v1/orders/web/asked")).body;
  const alarms = async () => (await api.get("/v1/alerts?kind=cancel_requested")).body.alerts;
  expect(await shown()).toMatchObject({ status: "paid", cancelRequested: true, doNotShip: true });
  expect(await alarms()).toMatchObject([
    { severity: "warning", order: { channel: "web", orderId: "asked", lineId: null }, resolvedAt: null },
  ]);
  await post(order("asked", { status: "cancelled", updatedAt: "2026-11-01T09:05:00Z" }));
  expect(await shown()).toMatchObject({ status: "cancelled", cancelRequested: true });
  expect(await alarms()).toEqual([]);
});

test.each([
  [{ channel: undefined }, "channel"],
  [{ orderId: 17 }, "orderId"],
  [{ status: "PAID" }, "status"],
  [{ status: undefined }, "status"],
  [{ lines: [] }, "lines"],
  [{ lines: undefined }, "lines"],
  [{ lines: [{ lineId: "1", quantity: 1 }] }, "lines.0.sku"],
  [{ lines: [{ ...LINE, quantity: 0 }] }, "lines.0.quantity"],
  [{ lines: [LINE, { ...LINE, quantity: 1 }] }, "lines.1.lineId"],
  [{ lines: [{ ...LINE, cancelled: -1 }] }, "lines.0.cancelled"],
  [{ lines: [{ ...LINE, shipped: "2" }] }, "lines.0.shipped"],
  [{ lines: [{ ...LINE, fulfilledBy: "nobody" }] }, "lines.0.fulfilledBy"],
  [{ lines: [{ ...LINE, location: "nowhere" }] }, "lines.0.location"],
  [{ lines: [{ ...LINE, price: 1 }] }, "lines.0.price"],
  [{ lines: [{ ...LINE, left: [] }] }, "lines.0.left"],
  [{ updatedAt: "2999-01-01T00:00:00Z" }, "updatedAt"],
  [{ placedAt: "soon" }, "placedAt"],
  [{ correction: true }, "updatedAt"],
  [{ doNotShip: "yes" }, "doNotShip"],
  [{ cancelRequested: "yes" }, "cancelRequested"],
  [{ cancelReason: "mood" }, "cancelReason"],
  [{ source: "channel" }, "source"],
])("%j is refused by name", async (changes, field) => {
  expect(await post(order("refused", changes))).toMatchObject([{ ok: false, field }]);
  expect((await api.get("/v1/orders/web/refused")).status).toBe(404);
});
