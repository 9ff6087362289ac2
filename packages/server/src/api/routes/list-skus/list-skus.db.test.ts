import { beforeAll, expect, test } from "vitest";

import { apiServer } from "../../../testing/api-server.ts";
import { testDatabase } from "../../../testing/test-database.ts";

const api = apiServer(await testDatabase());

beforeAll(async () => {
  const titles = {
    "KB-L": "Knee brace L",
    "KB-M": "Knee brace M",
    "gel-1": "Cooling gel",
    Ω: "Omega 100%",
    AA: null,
  };
  for (const [sku, title] of Object.entries(titles)) {
    await api.put(
      `/v1/skus/${encodeURIComponent(sku)}`,
      title === null ? {} : { title, supplier: title.split(" ")[0] },
    );
  }
  await api.put("/v1/skus/KB-M", { barcodes: ["7501", 'KBM"x'] });
  await api.put("/v1/connections/meli", { kind: "mercadolibre", mode: "live" });
  await api.put("/v1/listings/meli/MLM1", { components: [{ sku: "KB-M", units: 2 }] });
  const receipt = { kind: "receipt", sku: "KB-M", location: "main", units: 9, externalId: "r" };
  await api.post("/v1/movements", { movements: [receipt] });
  const line = { lineId: "1", sku: "KB-L", quantity: 3 };
  await api.post("/v1/orders", { orders: [{ channel: "web", orderId: "A", status: "paid", lines: [line] }] });
});

async function skusOf(query: string): Promise<string[]> {
  return (await api.get(`/v1/skus${query}`)).body.skus.map(({ sku }: { sku: string }) => sku);
}

test("one call has every number and what each listing shows, by SKU", async () => {
  const { body } = await api.get("/v1/skus");
  expect(body.skus).toMatchObject([
    { sku: "AA", onHand: 0, available: 0, listings: [] },
    { sku: "KB-L", title: "Knee brace L", onHand: 0, available: -3, committed: 3 },
    {
      sku: "KB-M",
      onHand: 9,
      available: 9,
      listings: [
        {
          connection: "meli",
          externalId: "MLM1",
          desired: 4,
          observed: null,
          exposure: null,
          state: "unread",
        },
      ],
    },
    { sku: "gel-1" },
    { sku: "Ω", title: "Omega 100%" },
  ]);
  expect(body.seq).toBe((await api.get("/v1/skus/KB-M/availability")).body.seq);
  expect(body.nextCursor).toBeNull();
});

test("pages join without a gap, also when SKUs are added meanwhile", async () => {
  const first = (await api.get("/v1/skus?limit=2")).body;
  const second = (await api.get(`/v1/skus?limit=2&cursor=${first.nextCursor}`)).body;
  const third = (await api.get(`/v1/skus?limit=2&cursor=${second.nextCursor}`)).body;
  expect([first, second, third].map(({ skus }) => skus.map(({ sku }: { sku: string }) => sku))).toEqual([
    ["AA", "KB-L"],
    ["KB-M", "gel-1"],
    ["Ω"],
  ]);
  expect(third.nextCursor).toBeNull();
});

test.each([
  ["?q=knee", ["KB-L", "KB-M"]],
  ["?q=kb-", ["KB-L", "KB-M"]],
  ["?q=GEL", ["gel-1"]],
  ["?q=100%25", ["Ω"]],
  ["?q=%25", ["Ω"]],
  ["?q=_", []],
  ["?q=7501", ["KB-M"]],
  ["?q=750", []],
  ["?q=KBM%22x", ["KB-M"]],
  ["?q=' or 1=1 --", []],
  ["?sku=KB-M", ["KB-M"]],
  ["?sku=KB-M&sku=AA&sku=NOPE", ["AA", "KB-M"]],
  ["?supplier=Knee", ["KB-L", "KB-M"]],
  ["?connection=meli", ["KB-M"]],
  ["?connection=nope", []],
  ["?oversold=true", ["KB-L"]],
  ["?oversold=false&q=gel", ["gel-1"]],
  ["?oversold=true&connection=meli", []],
])("%s finds %j", async (query, expected) => {
  expect(await skusOf(query)).toEqual(expected);
});
