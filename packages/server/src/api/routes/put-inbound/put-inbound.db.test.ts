import { beforeAll, expect, test } from "vitest";

import { apiServer } from "../../../testing/api-server.ts";
import { testDatabase } from "../../../testing/test-database.ts";

const api = apiServer(await testDatabase());

beforeAll(async () => {
  await api.put("/v1/skus/KB-M", {});
  await api.put("/v1/skus/GEL", {});
  await api.put("/v1/locations/3pl", { kind: "3pl" });
  await api.put("/v1/locations/fba", { kind: "channel" });
});

const ANNOUNCED = {
  location: "main",
  expectedAt: "2026-12-04T09:00:00Z",
  lines: [
    { sku: "KB-M", units: 10 },
    { sku: "GEL", units: 3 },
  ],
};

const numbers = async (sku = "KB-M") => (await api.get(`/v1/skus/${sku}/availability`)).body;

let ids = 0;

async function move(movement: object) {
  const item = { sku: "KB-M", location: "main", externalId: `in-${ids++}`, ...movement };
  return (await api.post("/v1/movements", { movements: [item] })).body.results[0];
}

test("is announced with a date, received in parts, and closed", async () => {
  const put = await api.put("/v1/inbounds/PO-1", ANNOUNCED);
  expect(put.body).toEqual({ ok: true, seq: expect.any(Number) });
  expect((await api.put("/v1/inbounds/PO-1", ANNOUNCED)).body).toEqual(put.body);
  expect(await numbers()).toMatchObject({
    onHand: 0,
    available: 0,
    incoming: 10,
    incomingAt: [{ location: "main", units: 10, expectedAt: "2026-12-04T09:00:00.000Z", inboundId: "PO-1" }],
  });
  expect(await move({ kind: "receipt", units: 7, inboundId: "PO-1" })).toMatchObject({ ok: true });
  expect(await numbers()).toMatchObject({ available: 7, incoming: 3, incomingAt: [{ units: 3 }] });
  await api.put("/v1/inbounds/PO-1", { ...ANNOUNCED, status: "closed" });
  expect(await numbers()).toMatchObject({ available: 7, incoming: 0, incomingAt: [] });
  expect((await api.get("/v1/inbounds/PO-1")).body).toEqual({
    inboundId: "PO-1",
    location: "main",
    from: null,
    expectedAt: "2026-12-04T09:00:00.000Z",
    status: "closed",
    lines: [
      { sku: "KB-M", expected: 10, received: 7, incoming: 0 },
      { sku: "GEL", expected: 3, received: 0, incoming: 0 },
    ],
    createdSeq: put.body.seq,
    updatedSeq: expect.any(Number),
  });
});

test("a transfer under way is an inbound under its externalId", async () => {
  await move({ kind: "receipt", units: 5 });
  const before = await numbers();
  const transfer = { kind: "transfer", toLocation: "3pl", units: 4, externalId: "T-9", inTransit: true };
  const expectedAt = "2026-12-01T00:00:00Z";
  expect(await move({ ...transfer, expectedAt })).toMatchObject({ ok: true });
  expect(await numbers()).toMatchObject({
    available: before.available - 4,
    onHand: before.onHand - 4,
    incoming: 4,
    incomingAt: [{ location: "3pl", units: 4, expectedAt: "2026-12-01T00:00:00.000Z", inboundId: "T-9" }],
  });
  expect(await move({ kind: "receipt", units: 4, location: "3pl", inboundId: "T-9" })).toMatchObject({
    ok: true,
  });
  expect(await numbers()).toMatchObject({ available: before.available, incoming: 0 });
  expect((await api.get("/v1/inbounds/T-9")).body).toMatchObject({ from: "main", location: "3pl" });
});

test("are listed newest first, by status and by SKU, in pages", async () => {
  await api.put("/v1/inbounds/L-1", { location: "main", lines: [{ sku: "GEL", units: 1 }] });
  await api.put("/v1/inbounds/L-2", { location: "3pl", lines: [{ sku: "GEL", units: 2 }] });
  const ids = async (query: string) =>
    (await api.get(`/v1/inbounds?${query}`)).body.inbounds.map(
      ({ inboundId }: { inboundId: string }) => inboundId,
    );
  expect(await ids("sku=GEL")).toEqual(["L-2", "L-1", "PO-1"]);
  expect(await ids("sku=GEL&status=announced")).toEqual(["L-2", "L-1"]);
  expect(await ids("status=cancelled")).toEqual([]);
  const { inbounds, nextCursor } = (await api.get("/v1/inbounds?sku=GEL&limit=2")).body;
  expect(inbounds).toHaveLength(2);
  expect(await ids(`sku=GEL&limit=2&cursor=${nextCursor}`)).toEqual(["PO-1"]);
});

test.each([
  [{ location: "nowhere" }, 404, "location"],
  [{ location: "fba" }, 400, "location"],
  [{ lines: [] }, 400, "lines"],
  [{ lines: [{ sku: "NOPE", units: 1 }] }, 404, "lines.0.sku"],
  [{ lines: [{ sku: "KB-M", units: 0 }] }, 400, "lines.0.units"],
  [{ status: "late" }, 400, "status"],
  [{ expectedAt: "soon" }, 400, "expectedAt"],
  [{ carrier: "x" }, 400, "carrier"],
])("%j is refused by name", async (changes, status, field) => {
  expect(await api.put("/v1/inbounds/REF", { ...ANNOUNCED, ...changes })).toMatchObject({
    status,
    body: { field },
  });
  expect(await api.get("/v1/inbounds/REF")).toMatchObject({ status: 404, body: { code: "unknown_inbound" } });
});

test("a receipt of an unknown inbound is refused", async () => {
  expect(await move({ kind: "receipt", units: 1, inboundId: "NOPE" })).toMatchObject({
    ok: false,
    code: "unknown_inbound",
    field: "inboundId",
  });
});
