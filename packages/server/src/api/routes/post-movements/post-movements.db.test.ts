import { beforeAll, expect, test } from "vitest";

import { apiServer } from "../../../testing/api-server.ts";
import { testDatabase } from "../../../testing/test-database.ts";

const api = apiServer(await testDatabase());

const MOVE = { sku: "KB-M", location: "main" };

beforeAll(async () => {
  await api.put("/v1/skus/KB-M", {});
  await api.put("/v1/locations/3pl", { kind: "3pl" });
  await api.put("/v1/locations/fba", { kind: "channel" });
});

let ids = 0;

async function post(...movements: object[]) {
  const { body } = await api.post("/v1/movements", {
    movements: movements.map((movement) => ({ ...MOVE, externalId: `m-${ids++}`, ...movement })),
  });
  return body.results;
}

async function numbers() {
  return (await api.get("/v1/skus/KB-M/availability")).body;
}

test("every kind moves what DESIGN §3 says", async () => {
  const results = await post(
    { kind: "receipt", units: 40, occurredAt: "2026-01-01T10:00:00Z", reason: "received" },
    { kind: "adjustment", units: -2 },
    { kind: "adjustment", units: 1, bucket: "damaged" },
    { kind: "damage", units: 3 },
    { kind: "transfer", units: 5, toLocation: "3pl" },
    { kind: "return", units: 4 },
    { kind: "return", units: 1, straightToSellable: true },
    { kind: "grade", units: 1, to: "sellable" },
    { kind: "grade", units: 1, to: "damaged" },
    { kind: "grade", units: 1, to: "lost" },
  );
  expect(results).toHaveLength(10);
  for (const [index, result] of results.entries()) expect(result, String(index)).toMatchObject({ ok: true });
  expect(await numbers()).toMatchObject({ onHand: 43, available: 37, qualityControl: 1, damaged: 5 });
  expect(await post({ kind: "count", units: 30, asOf: new Date().toISOString() })).toMatchObject([
    { ok: true },
  ]);
  expect(await numbers()).toMatchObject({ onHand: 41, available: 35, qualityControl: 1, damaged: 5 });
});

test("[I4] answers stand in the order sent, and a bad item sinks none of the others", async () => {
  const before = (await numbers()).onHand;
  const results = await post(
    { kind: "receipt", units: 1 },
    { kind: "receipt", units: "1" },
    { kind: "receipt", units: 1, sku: "NOPE" },
    { kind: "transfer", units: 1_000_000, toLocation: "3pl" },
    { kind: "teleport", units: 1 },
    { kind: "receipt", units: 1 },
  );
  expect(results).toMatchObject([
    { ok: true },
    { ok: false, code: "invalid_field", field: "units" },
    { ok: false, code: "unknown_sku", field: "sku" },
    { ok: false, code: "insufficient_units", field: "units", requested: 1_000_000 },
    { ok: false, code: "invalid_field", field: "kind" },
    { ok: true },
  ]);
  expect(results[5].seq).toBe(results[0].seq + 1);
  expect((await numbers()).onHand).toBe(before + 2);
});

test("(kind, externalId) is recorded once: the same again, the same answer; other content, a conflict", async () => {
  const receipt = { kind: "receipt", units: 7, externalId: "PO-9/1" };
  const [first] = await post(receipt);
  const before = (await numbers()).onHand;
  const [same, other, otherKind] = await post(
    receipt,
    { ...receipt, units: 8 },
    { ...receipt, kind: "adjustment" },
  );
  expect(same).toEqual(first);
  expect(other).toMatchObject({ ok: false, code: "external_id_conflict", field: "externalId" });
  expect(otherKind).toMatchObject({ ok: true });
  expect((await numbers()).onHand).toBe(before + 7);
});

test("a count has its own time, and what happened before it nets to zero against it", async () => {
  await post({ kind: "count", units: 10, asOf: "2026-03-01T00:00:00Z", location: "3pl" });
  await post({ kind: "receipt", units: 5, occurredAt: "2026-02-01T00:00:00Z", location: "3pl" });
  await post({ kind: "receipt", units: 3, occurredAt: "2026-04-01T00:00:00Z", location: "3pl" });
  const { locations } = await numbers();
  // The transfer of the first test happened after the count.
  expect(locations.find(({ location }: { location: string }) => location === "3pl").sellable).toBe(
    10 + 3 + 5,
  );
});

test("a count may be of damaged units", async () => {
  const { available } = await numbers();
  expect(
    await post({ kind: "count", bucket: "damaged", units: 9, asOf: new Date().toISOString() }),
  ).toMatchObject([{ ok: true }]);
  const { locations, available: after } = await numbers();
  expect(locations.find(({ location }: { location: string }) => location === "main").damaged).toBe(9);
  expect(after).toBe(available);
});

test("a return that will not come ends what was on its way", async () => {
  const line = { lineId: "1", sku: "KB-M", quantity: 1, returning: 1 };
  await api.post("/v1/orders", {
    orders: [{ channel: "web", orderId: "LOST", status: "shipped", lines: [line] }],
  });
  const before = await numbers();
  const order = { channel: "web", orderId: "LOST", lineId: "1" };
  expect(await post({ kind: "return", units: 1, lost: true, order })).toMatchObject([{ ok: true }]);
  expect(await numbers()).toMatchObject({ onHand: before.onHand, returning: before.returning - 1 });
  expect((await api.get("/v1/orders/web/LOST")).body.lines[0]).toMatchObject({
    lost: { "KB-M": 1 },
    received: {},
  });
});

test.each([
  [{ kind: "receipt" }, "units"],
  [{ kind: "receipt", units: 0 }, "units"],
  [{ kind: "receipt", units: -1 }, "units"],
  [{ kind: "receipt", units: 1_000_000_001 }, "units"],
  [{ kind: "receipt", units: 1.5 }, "units"],
  [{ kind: "receipt", units: true }, "units"],
  [{ kind: "receipt", units: null }, "units"],
  [{ kind: "receipt", units: 1, asOf: "2026-01-01T00:00:00Z" }, "asOf"],
  [{ kind: "receipt", units: 1, occurredAt: "2026-01-01T00:00:00" }, "occurredAt"],
  [{ kind: "receipt", units: 1, occurredAt: "1969-12-31T23:59:59Z" }, "occurredAt"],
  [{ kind: "receipt", units: 1, occurredAt: "9999-12-31T23:59:59-01:00" }, "occurredAt"],
  [{ kind: "receipt", units: 1, occurredAt: "2999-01-01T00:00:00Z" }, "occurredAt"],
  [{ kind: "receipt", units: 1, externalId: "" }, "externalId"],
  [{ kind: "receipt", units: 1, externalId: "a\u0000b" }, "externalId"],
  [{ kind: "receipt", units: 1, location: "nowhere" }, "location"],
  [{ kind: "receipt", units: 1, location: "fba" }, "location"],
  [{ kind: "adjustment", units: 0 }, "units"],
  [{ kind: "adjustment", units: -1_000_000_001 }, "units"],
  [{ kind: "adjustment", units: 1, bucket: "reserved" }, "bucket"],
  [{ kind: "count", units: 1 }, "asOf"],
  [{ kind: "count", units: -1, asOf: "2026-01-01T00:00:00Z" }, "units"],
  [{ kind: "count", units: 1, asOf: "2999-01-01T00:00:00Z" }, "asOf"],
  [{ kind: "count", units: 1, asOf: "2026-01-01T00:00:00Z", bucket: "quality_control" }, "bucket"],
  [{ kind: "transfer", units: 1 }, "toLocation"],
  [{ kind: "transfer", units: 1, toLocation: "3pl", expectedAt: "2026-12-01T00:00:00Z" }, "expectedAt"],
  [{ kind: "receipt", units: 1, inboundId: "NOPE" }, "inboundId"],
  [{ kind: "transfer", units: 1, toLocation: "main" }, "toLocation"],
  [{ kind: "transfer", units: 1, toLocation: "nowhere" }, "toLocation"],
  [{ kind: "grade", units: 1 }, "to"],
  [{ kind: "grade", units: 1, to: "moon" }, "to"],
  [{ kind: "grade", units: 1_000_000, to: "lost" }, "units"],
  [{ kind: "return", units: 1, order: { channel: "web", orderId: "A" } }, "order.lineId"],
  [{ kind: "return", units: 1, order: { channel: "web", orderId: "A", lineId: "1" } }, "order.orderId"],
  [{ kind: "return", units: 1, order: "A" }, "order"],
  [{ kind: "return", units: 1, lost: true }, "order"],
  [{ units: 1 }, "kind"],
])("%j is refused by name and moves nothing", async (movement, field) => {
  const before = await numbers();
  expect(await post(movement)).toMatchObject([{ ok: false, field }]);
  expect({ ...(await numbers()), asOf: null }).toEqual({ ...before, asOf: null });
});

test("a thousand items are taken, one more is not, none is nothing", async () => {
  const items = (count: number) => Array.from({ length: count }, () => ({ kind: "receipt", units: 1 }));
  expect(await post(...items(1_000))).toHaveLength(1_000);
  const tooMany = await api.post("/v1/movements", { movements: items(1_001) });
  expect(tooMany).toMatchObject({ status: 400, body: { code: "invalid_field", field: "movements" } });
  expect((await api.post("/v1/movements", { movements: [] })).body).toEqual({ results: [] });
  expect(await api.post("/v1/movements", {})).toMatchObject({ status: 400, body: { field: "movements" } });
  expect(await api.post("/v1/movements", { movements: [], odd: 1 })).toMatchObject({
    body: { field: "odd" },
  });
  expect(await api.post("/v1/movements", { movements: {} })).toMatchObject({ body: { field: "movements" } });
});

test("items that are no objects fail alone", async () => {
  const movements = [null, 1, "x", [], { ...MOVE, kind: "receipt", units: 1, externalId: "after-garbage" }];
  const { body } = await api.post("/v1/movements", { movements });
  expect(body.results).toMatchObject([
    { field: "item" },
    { field: "item" },
    { field: "item" },
    { ok: false },
    { ok: true },
  ]);
});
