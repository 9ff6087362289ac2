import { beforeAll, expect, test } from "vitest";

import { apiServer } from "../../../testing/api-server.ts";
import { testDatabase } from "../../../testing/test-database.ts";

const database = await testDatabase();
const api = apiServer(database);

const SKU = "KB-M";

function order(orderId: string, status: string, quantity = 1) {
  return { orders: [{ channel: "web", orderId, status, lines: [{ lineId: "1", sku: SKU, quantity }] }] };
}

beforeAll(async () => {
  await api.put(`/v1/skus/${SKU}`, { title: "Knee brace M" });
  await api.put("/v1/connections/meli", { kind: "mercadolibre", mode: "live" });
  await api.put("/v1/listings/meli/MLM1", { components: [{ sku: SKU, units: 1 }], buffer: 1 });
  const receipt = {
    kind: "receipt",
    sku: SKU,
    location: "main",
    units: 10,
    externalId: "r-1",
    reason: "PO 7",
  };
  await api.post("/v1/movements", { movements: [receipt] });
  await api.post("/v1/orders", order("A", "pending", 3));
  await api.post("/v1/orders", order("A", "paid", 3));
  await api.post("/v1/reservations", {
    reservationId: "cart",
    lines: [{ sku: SKU, units: 2 }],
    ttlSeconds: 600,
  });
  await api.post("/v1/orders", order("A", "shipped", 3));
});

test("[I9] tells the chain newest first, what each entry moved and what it made of the numbers", async () => {
  const { body } = await api.get(`/v1/skus/${SKU}/explain`);
  expect(body).toMatchObject({
    sku: SKU,
    title: "Knee brace M",
    onHand: 7,
    available: 5,
    reserved: 2,
    nextCursor: null,
  });
  expect(body.entries).toMatchObject([
    {
      kind: "order",
      channel: "web",
      orderId: "A",
      status: "shipped",
      source: "api",
      available: { before: 5, after: 5 },
      onHand: { before: 10, after: 7 },
      legs: [
        {
          bucket: "sellable",
          location: "main",
          units: -3,
          before: 10,
          after: 7,
          counterpart: "customer",
          lineId: "1",
        },
        { bucket: "committed", location: null, units: -3, before: 3, after: 0 },
      ],
    },
    {
      kind: "reservation",
      reservationId: "cart",
      available: { before: 7, after: 5 },
      onHand: { before: 10, after: 10 },
      legs: [{ bucket: "reserved", units: 2, before: 0, after: 2, counterpart: "available" }],
    },
    {
      status: "paid",
      available: { before: 7, after: 7 },
      legs: [{ units: -3 }, { units: 3, counterpart: "reserved" }],
    },
    { status: "pending", available: { before: 10, after: 7 } },
    {
      kind: "receipt",
      externalId: "r-1",
      reason: "PO 7",
      available: { before: 0, after: 10 },
      onHand: { before: 0, after: 10 },
      legs: [{ bucket: "sellable", location: "main", units: 10, counterpart: "supplier", reason: "PO 7" }],
    },
  ]);
});

test("[I9] tells why each listing shows what it shows", async () => {
  const { body } = await api.get(`/v1/skus/${SKU}/explain`);
  expect(body.listings).toMatchObject([
    {
      connection: "meli",
      externalId: "MLM1",
      desired: 4,
      state: "unread",
      policy: { buffer: 1 },
      steps: [{ step: "component", sku: SKU, available: 5, heldBack: 1, unitsPerSale: 1, sales: 4 }],
    },
  ]);
});

test("[I9] tells what no reservation gets of the last units, and why", async () => {
  const sku = "SCARCE";
  await api.put(`/v1/skus/${sku}`, {});
  const receipt = { kind: "receipt", sku, location: "main", units: 3, externalId: "scarce-1" };
  await api.post("/v1/movements", { movements: [receipt] });
  const plenty = { withheld: 0, endGame: null };
  expect((await api.get(`/v1/skus/${sku}/explain`)).body).toMatchObject(plenty);
  const { sellerId } = api.seller;
  await database.pool.query(
    `insert into end_game (seller_id, sku, since, seq, available, exposure, threshold, latency_ms, expected_oversold)
     values ($1, $2, '2026-01-01T00:00:00Z', 1, 3, 2, 3, 1500, 0)`,
    [sellerId, sku],
  );
  const withhold = (units: number, was: number) =>
    api.ledger.submit({ sellerId, commands: [{ kind: "withhold", sku, units, was, as: "fact" }] });
  await withhold(2, 0);
  const endGame = { since: "2026-01-01T00:00:00.000Z", threshold: 3, latencyMs: 1_500, exposure: 2 };
  expect((await api.get(`/v1/skus/${sku}/explain`)).body).toMatchObject({
    available: 3,
    withheld: 2,
    endGame,
  });
  expect((await api.get(`/v1/skus/${sku}/availability`)).body).toMatchObject({ available: 3, withheld: 2 });
  const hold = { reservationId: "scarce", lines: [{ sku, units: 2 }], ttlSeconds: 60 };
  expect(await api.post("/v1/reservations", hold)).toMatchObject({
    status: 409,
    body: { code: "insufficient_stock", lines: [{ sku, requested: 2, available: 1 }] },
  });
  // Listings may show more than there is: of three no more than three are withheld.
  await withhold(20, 2);
  expect((await api.get(`/v1/skus/${sku}/availability`)).body).toMatchObject({ available: 3, withheld: 3 });
});

test("[I9] pages join without a gap and reckon the same numbers", async () => {
  const whole = (await api.get(`/v1/skus/${SKU}/explain`)).body;
  for (const limit of [1, 2, 3, 4]) {
    const entries = [];
    let cursor = "";
    for (;;) {
      const { body } = await api.get(`/v1/skus/${SKU}/explain?limit=${limit}${cursor}`);
      entries.push(...body.entries);
      expect(body.entries.length).toBeLessThanOrEqual(limit);
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(entries).toEqual(whole.entries);
  }
});

test("an order that names the SKU in a thousand lines is one entry, whole", async () => {
  await api.put("/v1/skus/MANY", {});
  const lines = Array.from({ length: 1_000 }, (_, index) => ({
    lineId: String(index),
    sku: "MANY",
    quantity: 1,
  }));
  await api.post("/v1/orders", { orders: [{ channel: "web", orderId: "MANY", status: "paid", lines }] });
  await api.post("/v1/orders", {
    orders: [{ channel: "web", orderId: "ONE", status: "paid", lines: lines.slice(0, 1) }],
  });
  const first = (await api.get("/v1/skus/MANY/explain?limit=1")).body;
  expect(first.entries).toMatchObject([{ orderId: "ONE", available: { before: -1_000, after: -1_001 } }]);
  const second = (await api.get(`/v1/skus/MANY/explain?limit=1&cursor=${first.nextCursor}`)).body;
  expect(second.entries).toMatchObject([{ orderId: "MANY", available: { before: 0, after: -1_000 } }]);
  expect(second.entries[0].legs).toHaveLength(1_000);
});

test("an unknown SKU has no chain, an untouched one an empty one", async () => {
  await api.put("/v1/skus/NEW", {});
  expect((await api.get("/v1/skus/NEW/explain")).body).toMatchObject({
    entries: [],
    listings: [],
    nextCursor: null,
  });
  expect(await api.get("/v1/skus/NOPE/explain")).toMatchObject({
    status: 404,
    body: { code: "unknown_sku" },
  });
});
