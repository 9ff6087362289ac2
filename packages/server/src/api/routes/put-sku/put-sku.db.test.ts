import { expect, test } from "vitest";

import { apiServer } from "../../../testing/api-server.ts";
import { testDatabase } from "../../../testing/test-database.ts";

const api = apiServer(await testDatabase());

const MASTER_DATA = {
  title: "Knee brace M",
  barcodes: ["7501234567890", "KB-M"],
  unitCost: { amount: "6.50", currency: "USD" },
  minPrice: { amount: "12", currency: "USD" },
  maxPrice: { amount: "29.9999", currency: "USD" },
  supplier: "Braces & Co",
  leadTimeDays: 14,
  packUnits: 6,
  minimumOrderUnits: 24,
  policy: { returnsTo: "sellable" },
};

test("keeps all master data, merges changes and removes what is null", async () => {
  const created = await api.put("/v1/skus/KB-M", MASTER_DATA);
  expect(created.body).toEqual({ ok: true, seq: expect.any(Number) });
  expect((await api.get("/v1/skus/KB-M")).body).toMatchObject({ sku: "KB-M", ...MASTER_DATA, onHand: 0 });
  await api.put("/v1/skus/KB-M", { title: "Knee brace", supplier: null });
  const { supplier: _, ...kept } = MASTER_DATA;
  const { body } = await api.get("/v1/skus/KB-M");
  expect(body).toMatchObject({ ...kept, title: "Knee brace" });
  expect(body).not.toHaveProperty("supplier");
});

test("the same again is answered with the number that recorded it", async () => {
  const first = await api.put("/v1/skus/A", { title: "A" });
  await api.put("/v1/skus/B", {});
  expect((await api.put("/v1/skus/A", { title: "A" })).body).toEqual(first.body);
  expect((await api.put("/v1/skus/A", {})).body).toEqual(first.body);
  expect((await api.put("/v1/skus/A", { title: "B" })).body.seq).toBe(first.body.seq + 2);
});

test("codes are told apart by case", async () => {
  await api.put("/v1/skus/case", { title: "lower" });
  await api.put("/v1/skus/CASE", { title: "upper" });
  expect((await api.get("/v1/skus/case")).body.title).toBe("lower");
});

test("posts the lines that waited for it", async () => {
  const line = { lineId: "1", sku: "LATE", quantity: 2 };
  const waiting = await api.post("/v1/orders", {
    orders: [{ channel: "web", orderId: "W", status: "paid", lines: [line] }],
  });
  expect(waiting.body.results).toMatchObject([{ ok: true, unmapped: ["1"] }]);
  await api.put("/v1/skus/LATE", {});
  expect((await api.get("/v1/skus/LATE/availability")).body).toMatchObject({ committed: 2, available: -2 });
});

test.each([
  [{ title: "" }, "title"],
  [{ title: "x".repeat(1001) }, "title"],
  [{ title: "a\nb" }, "title"],
  [{ title: 5 }, "title"],
  [{ barcodes: ["ok", ""] }, "barcodes.1"],
  [{ unitCost: "6.50" }, "unitCost"],
  [{ unitCost: { amount: 6.5, currency: "USD" } }, "unitCost.amount"],
  [{ unitCost: { amount: "6,50", currency: "USD" } }, "unitCost.amount"],
  [{ unitCost: { amount: "-1", currency: "USD" } }, "unitCost.amount"],
  [{ unitCost: { amount: "1", currency: "usd" } }, "unitCost.currency"],
  [{ unitCost: { amount: "1" } }, "unitCost.currency"],
  [{ unitCost: { amount: "1", currency: "USD", tax: "0" } }, "unitCost.tax"],
  [{ leadTimeDays: -1 }, "leadTimeDays"],
  [{ packUnits: 0 }, "packUnits"],
  [{ packUnits: 1_000_000_001 }, "packUnits"],
  [{ policy: { returnsTo: "moon" } }, "policy.returnsTo"],
  [{ sku: "other" }, "sku"],
])("%j is refused by name", async (body, field) => {
  expect(await api.put("/v1/skus/KB-M", body)).toMatchObject({ status: 400, body: { field } });
});
