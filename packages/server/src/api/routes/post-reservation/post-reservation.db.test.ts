import { beforeAll, expect, test } from "vitest";

import { apiServer } from "../../../testing/api-server.ts";
import { testDatabase } from "../../../testing/test-database.ts";

const api = apiServer(await testDatabase());

beforeAll(async () => {
  await api.put("/v1/skus/KB-M", {});
  await api.put("/v1/skus/GEL", {});
  await api.put("/v1/connections/web", { kind: "api" });
  await api.put("/v1/listings/web/KIT", {
    components: [
      { sku: "KB-M", units: 2 },
      { sku: "GEL", units: 1 },
    ],
  });
  const receipts = ["KB-M", "GEL"].map((sku) => ({
    kind: "receipt",
    sku,
    location: "main",
    units: 10,
    externalId: sku,
  }));
  await api.post("/v1/movements", { movements: receipts });
});

function hold(reservationId: string, changes: object = {}) {
  return api.post("/v1/reservations", {
    reservationId,
    lines: [{ sku: "KB-M", units: 1 }],
    ttlSeconds: 900,
    ...changes,
  });
}

async function available(sku = "KB-M"): Promise<number> {
  return (await api.get(`/v1/skus/${sku}/availability`)).body.available;
}

function end(reservationId: string, how: "commit" | "release", body?: object) {
  return api.call(`/v1/reservations/${reservationId}/${how}`, { method: "POST", body });
}

test("holds units until its deadline; the same again is the same, other lines are a conflict", async () => {
  const asked = Date.now();
  const first = await hold("cart-9");
  expect(first).toMatchObject({ status: 201, body: { reservationId: "cart-9" } });
  const deadline = Date.parse(first.body.expiresAt);
  expect(deadline).toBeGreaterThanOrEqual(asked + 900_000);
  expect(deadline).toBeLessThanOrEqual(Date.now() + 900_000);
  expect(await available()).toBe(9);
  expect(await hold("cart-9", { ttlSeconds: 5 })).toMatchObject({ status: 201, body: first.body });
  expect(await hold("cart-9", { lines: [{ sku: "KB-M", units: 2 }] })).toMatchObject({
    status: 409,
    body: { code: "reservation_conflict", field: "reservationId" },
  });
  expect(await available()).toBe(9);
  expect((await api.get("/v1/reservations/cart-9")).body).toMatchObject({
    reservationId: "cart-9",
    state: "held",
    expiresAt: first.body.expiresAt,
    lines: [{ sku: "KB-M", units: 1 }],
    components: [{ sku: "KB-M", units: 1 }],
  });
});

test("what does not fit is refused with the figures, and the id is not used up", async () => {
  const refused = await hold("too-many", {
    lines: [
      { sku: "KB-M", units: 100 },
      { sku: "GEL", units: 1 },
    ],
  });
  expect(refused).toMatchObject({
    status: 409,
    body: { code: "insufficient_stock", lines: [{ sku: "KB-M", requested: 100, available: 9 }] },
  });
  expect(await available("GEL")).toBe(10);
  expect((await hold("too-many")).status).toBe(201);
  expect((await end("too-many", "release")).status).toBe(200);
});

test("[I5] lines that share a component add up before they are weighed", async () => {
  const lines = [
    { sku: "KB-M", units: 5 },
    { connection: "web", listing: "KIT", units: 3 },
  ];
  expect(await hold("kits", { lines })).toMatchObject({
    status: 409,
    body: { lines: [{ sku: "KB-M", requested: 11, available: 9 }] },
  });
  const fits = [
    { sku: "KB-M", units: 3 },
    { connection: "web", listing: "KIT", units: 3 },
  ];
  expect((await hold("kits", { lines: fits })).status).toBe(201);
  expect((await api.get("/v1/reservations/kits")).body).toMatchObject({
    lines: fits,
    components: [
      { sku: "KB-M", units: 9 },
      { sku: "GEL", units: 3 },
    ],
  });
  expect(await available()).toBe(0);
  await end("kits", "release");
  expect(await available()).toBe(9);
});

test("is committed or released, once; with no body, or an empty one", async () => {
  await hold("a");
  await hold("b");
  const committed = await end("a", "commit");
  expect(committed.body).toEqual({ ok: true, seq: expect.any(Number) });
  expect((await end("a", "commit", {})).body).toEqual(committed.body);
  expect(await available()).toBe(7);
  expect((await end("b", "release", {})).status).toBe(200);
  expect(await available()).toBe(8);
  expect((await end("b", "release")).status).toBe(200);
  expect(await end("b", "commit")).toMatchObject({ status: 409, body: { code: "reservation_ended" } });
  expect(await end("nope", "commit")).toMatchObject({ status: 404, body: { code: "unknown_reservation" } });
  expect(await end("a", "commit", { odd: 1 })).toMatchObject({ status: 400, body: { field: "body" } });
});

test("[I5] many at once get exactly what is there", async () => {
  const units = await available();
  const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => hold(`race-${index}`)));
  const count = (status: number) => answers.filter((answer) => answer.status === status).length;
  expect([count(201), count(409)]).toEqual([units, 30 - units]);
  expect(await available()).toBe(0);
});

test.each([
  [{ reservationId: "" }, 400, "reservationId"],
  [{ lines: [] }, 400, "lines"],
  [{ lines: [{ units: 1 }] }, 400, "lines.0.sku"],
  [{ lines: [{ sku: "KB-M", listing: "KIT", units: 1 }] }, 400, "lines.0.sku"],
  [{ lines: [{ listing: "KIT", units: 1 }] }, 400, "lines.0.sku"],
  [{ lines: [{ sku: "KB-M", units: 0 }] }, 400, "lines.0.units"],
  [{ lines: [{ sku: "KB-M" }] }, 400, "lines.0.units"],
  [{ lines: [{ sku: "NOPE", units: 1 }] }, 404, "lines.0.sku"],
  [{ lines: [{ connection: "web", listing: "NOPE", units: 1 }] }, 404, "lines.0.listing"],
  [{ ttlSeconds: 0 }, 400, "ttlSeconds"],
  [{ ttlSeconds: 604_801 }, 400, "ttlSeconds"],
  [{ ttlSeconds: "900" }, 400, "ttlSeconds"],
  [{ expiresAt: "2026-01-01T00:00:00Z" }, 400, "expiresAt"],
])("%j is refused by name", async (changes, status, field) => {
  expect(await hold("refused", changes)).toMatchObject({ status, body: { field } });
  expect((await api.get("/v1/reservations/refused")).status).toBe(404);
});
