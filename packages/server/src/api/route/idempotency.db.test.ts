import { expect, test } from "vitest";

import { apiServer } from "../../testing/api-server.ts";
import { testDatabase } from "../../testing/test-database.ts";

const api = apiServer(await testDatabase());

const keyed = (key: string) => ({ headers: { "idempotency-key": key } });

async function onHand(sku: string): Promise<number> {
  return (await api.get(`/v1/skus/${sku}/availability`)).body.onHand;
}

function adjustment(externalId: string, units: number) {
  return { kind: "adjustment", sku: "A", location: "main", units, externalId };
}

test("[I3] the same request under the same key acts once and is answered alike", async () => {
  await api.put("/v1/skus/A", {});
  const body = {
    movements: [adjustment("a-1", 5), { kind: "odd" }, { ...adjustment("a-2", 1), sku: "nothing" }],
  };
  const first = await api.post("/v1/movements", body, keyed("k-1"));
  expect(first.body.results).toMatchObject([
    { ok: true },
    { field: "kind" },
    { code: "unknown_sku", field: "sku" },
  ]);
  // What was refused then stays refused under this key, although it would be taken now.
  await api.put("/v1/skus/nothing", {});
  const again = await api.post("/v1/movements", body, keyed("k-1"));
  expect(again.body).toEqual(first.body);
  expect(again.headers.get("idempotent-replayed")).toBe("true");
  expect(await onHand("A")).toBe(5);
});

test("spaces and the order of fields do not make another request; figures, calls and addresses do", async () => {
  await api.put("/v1/skus/B", '{"title":"B","leadTimeDays":3}', keyed("k-2"));
  expect((await api.put("/v1/skus/B", '{ "leadTimeDays": 3, "title": "B" }', keyed("k-2"))).status).toBe(200);
  for (const answer of [
    await api.put("/v1/skus/B", { title: "B", leadTimeDays: 4 }, keyed("k-2")),
    await api.put("/v1/skus/C", { title: "B", leadTimeDays: 3 }, keyed("k-2")),
    await api.post("/v1/orders", { orders: [order("x")] }, keyed("k-2")),
  ]) {
    expect(answer).toMatchObject({
      status: 422,
      body: { code: "idempotency_conflict", field: "Idempotency-Key" },
    });
  }
  expect((await api.get("/v1/skus/B")).body.leadTimeDays).toBe(3);
  expect((await api.get("/v1/skus/C")).status).toBe(404);
});

function order(orderId: string) {
  return { channel: "web", orderId, status: "paid", lines: [{ lineId: "1", sku: "A", quantity: 1 }] };
}

test("a refusal is answered alike as well, as a problem", async () => {
  const hold = { reservationId: "cart", lines: [{ sku: "A", units: 1_000 }], ttlSeconds: 60 };
  const first = await api.post("/v1/reservations", hold, keyed("k-3"));
  expect(first).toMatchObject({ status: 409, body: { code: "insufficient_stock" } });
  const again = await api.post("/v1/reservations", hold, keyed("k-3"));
  expect(again).toMatchObject({ status: 409, body: first.body });
  expect(again.headers.get("content-type")).toBe(first.headers.get("content-type"));
});

test("two sellers may use the same key", async () => {
  await api.put("/v1/skus/A", { title: "first" }, keyed("k-4"));
  const answer = await api.put(
    "/v1/skus/Z",
    { title: "other" },
    { ...keyed("k-4"), key: api.other.keys.admin },
  );
  expect(answer.status).toBe(200);
});

test("[I3] many at once under one key act once", async () => {
  const body = { movements: [adjustment("race", 7)] };
  const before = await onHand("A");
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => api.post("/v1/movements", body, keyed("k-5"))),
  );
  expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
  expect(await onHand("A")).toBe(before + 7);
});

test("a request that is malformed throughout uses no key up", async () => {
  expect((await api.post("/v1/movements", { movements: [{}] }, keyed("k-6"))).status).toBe(200);
  expect((await api.put("/v1/skus/A", { odd: 1 }, keyed("k-6"))).status).toBe(400);
  expect((await api.put("/v1/skus/A", { title: "A" }, keyed("k-6"))).status).toBe(200);
});

test.each(["", " ", "a b", "x".repeat(201), "clé", "a\tb"])("the key %j is refused", async (key) => {
  const answer = await api.put("/v1/skus/A", {}, { headers: { "idempotency-key": key } });
  expect(answer).toMatchObject({ status: 400, body: { code: "invalid_field", field: "Idempotency-Key" } });
});

test("a key of 200 characters is taken", async () => {
  expect((await api.put("/v1/skus/A", {}, keyed("~".repeat(200)))).status).toBe(200);
});
