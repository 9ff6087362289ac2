import { expect, test } from "vitest";

import { apiServer } from "../../../testing/api-server.ts";
import { testDatabase } from "../../../testing/test-database.ts";

const api = apiServer(await testDatabase());

test("a listing sells what it is mapped to, shows why, and is found by SKU and connection", async () => {
  await api.put("/v1/skus/KB-M", {});
  await api.put("/v1/skus/GEL", {});
  await api.put("/v1/connections/meli", { kind: "mercadolibre", mode: "live" });
  const receipts = ["KB-M", "GEL"].map((sku) => ({
    kind: "receipt",
    sku,
    location: "main",
    units: 20,
    externalId: sku,
  }));
  await api.post("/v1/movements", { movements: receipts });
  const kit = [
    { sku: "KB-M", units: 1 },
    { sku: "GEL", units: 3 },
  ];
  await api.put("/v1/listings/meli/MLM1", {
    components: [{ sku: "KB-M", units: 1 }],
    buffer: 2,
    title: "Brace",
  });
  await api.put("/v1/listings/meli/KIT", { components: kit, cap: 5 });
  const { body } = await api.get("/v1/listings/meli/MLM1");
  expect(body).toMatchObject({
    connection: "meli",
    externalId: "MLM1",
    title: "Brace",
    components: [{ sku: "KB-M", units: 1 }],
    policy: { buffer: 2, floor: 0, cap: null },
    desired: 18,
    observed: null,
    exposure: null,
    state: "unread",
    steps: [{ step: "component", sku: "KB-M", available: 20, heldBack: 2, sales: 18 }],
  });
  expect((await api.get("/v1/listings/meli/KIT")).body).toMatchObject({
    desired: 5,
    components: [
      { sku: "GEL", units: 3 },
      { sku: "KB-M", units: 1 },
    ],
    steps: [
      { sku: "GEL", sales: 6 },
      { sku: "KB-M", sales: 20 },
      { step: "scarcest", quantity: 6 },
      { step: "cap", quantity: 5 },
    ],
  });
  await api.put("/v1/listings/meli/KIT", { cap: null, buffer: 18 });
  expect((await api.get("/v1/listings/meli/KIT")).body).toMatchObject({
    desired: 0,
    policy: { cap: null, buffer: 18 },
  });
  const idsOf = async (query: string) =>
    (await api.get(`/v1/listings?${query}`)).body.listings.map(
      ({ externalId }: { externalId: string }) => externalId,
    );
  expect(await idsOf("sku=GEL")).toEqual(["KIT"]);
  expect(await idsOf("connection=meli")).toEqual(["KIT", "MLM1"]);
  expect(await idsOf("connection=other")).toEqual([]);
  const first = (await api.get("/v1/listings?limit=1")).body;
  expect(first).toMatchObject({ listings: [{ externalId: "KIT" }] });
  expect((await api.get(`/v1/listings?limit=1&cursor=${first.nextCursor}`)).body).toMatchObject({
    listings: [{ externalId: "MLM1" }],
    nextCursor: null,
  });
});

test("posts the lines that waited for it", async () => {
  const line = { lineId: "1", listing: "MLM9", quantity: 2 };
  const orders = [{ channel: "meli", orderId: "W", status: "paid", lines: [line] }];
  expect((await api.post("/v1/orders", { orders })).body.results).toMatchObject([{ unmapped: ["1"] }]);
  await api.put("/v1/listings/meli/MLM9", { components: [{ sku: "GEL", units: 2 }] });
  expect((await api.get("/v1/skus/GEL/availability")).body).toMatchObject({ committed: 4 });
});

test.each([
  ["meli", {}, 400, "components"],
  ["meli", { components: [] }, 400, "components"],
  ["meli", { components: [{ sku: "KB-M", units: 0 }] }, 400, "components.0.units"],
  ["meli", { components: [{ sku: "KB-M", units: 1.5 }] }, 400, "components.0.units"],
  ["meli", { components: [{ sku: "NOPE", units: 1 }] }, 404, "components.0.sku"],
  ["meli", { components: [{ sku: "KB-M", units: 1 }], cap: -1 }, 400, "cap"],
  ["meli", { components: [{ sku: "KB-M", units: 1 }], price: 1 }, 400, "price"],
  ["nope", { components: [{ sku: "KB-M", units: 1 }] }, 404, "connection"],
])("%s with %j is refused by name", async (connection, body, status, field) => {
  expect(await api.put(`/v1/listings/${connection}/NEW`, body)).toMatchObject({ status, body: { field } });
});
