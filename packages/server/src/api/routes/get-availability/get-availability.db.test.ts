import { expect, test } from "vitest";

import { apiServer } from "../../../testing/api-server.ts";
import { testDatabase } from "../../../testing/test-database.ts";

const api = apiServer(await testDatabase());

test("shows every number of a SKU, and onHand is the sum DESIGN §2 says", async () => {
  await api.put("/v1/skus/KB-M", { title: "Knee brace M" });
  await api.put("/v1/locations/3pl-mx", { kind: "3pl" });
  const posted = await api.post("/v1/movements", {
    movements: [
      { kind: "receipt", sku: "KB-M", location: "main", units: 40, externalId: "r1" },
      { kind: "receipt", sku: "KB-M", location: "3pl-mx", units: 10, externalId: "r2" },
      { kind: "damage", sku: "KB-M", location: "main", units: 3, externalId: "d1" },
      { kind: "return", sku: "KB-M", location: "3pl-mx", units: 2, externalId: "b1" },
    ],
  });
  expect(posted.body.results.map(({ ok }: { ok: boolean }) => ok)).toEqual([true, true, true, true]);
  await api.post("/v1/orders", {
    orders: [
      { channel: "web", orderId: "A", status: "paid", lines: [{ lineId: "1", sku: "KB-M", quantity: 5 }] },
      { channel: "web", orderId: "B", status: "pending", lines: [{ lineId: "1", sku: "KB-M", quantity: 4 }] },
    ],
  });
  const { body } = await api.get("/v1/skus/KB-M/availability");
  expect(body).toMatchObject({
    sku: "KB-M",
    onHand: 52,
    available: 38,
    reserved: 4,
    committed: 5,
    qualityControl: 2,
    damaged: 3,
    incoming: 0,
    returning: 0,
    locations: [
      { location: "3pl-mx", kind: "3pl", sellable: 10, qualityControl: 2, damaged: 0, incoming: 0 },
      { location: "main", kind: "warehouse", sellable: 37, qualityControl: 0, damaged: 3, incoming: 0 },
    ],
    listings: [],
  });
  expect(body.onHand).toBe(
    body.available + body.reserved + body.committed + body.qualityControl + body.damaged,
  );
});
