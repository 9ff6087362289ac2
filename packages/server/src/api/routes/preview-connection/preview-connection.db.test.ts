import { beforeAll, expect, test } from "vitest";

import { apiServer } from "../../../testing/api-server.ts";
import { testDatabase } from "../../../testing/test-database.ts";

const database = await testDatabase();
const api = apiServer(database);

const PREVIEW = "/v1/connections/meli/preview";

/** What the channel was seen to show, as a reading leaves it. */
async function seen(externalId: string, observed: number | null, error: object | null = null): Promise<void> {
  await database.pool.query(
    `insert into listing_state (seller_id, connection, external_id, observed, observed_at, error)
     values ($1, 'meli', $2, $3, now(), $4)
     on conflict (seller_id, connection, external_id) do update set observed = $3, error = $4`,
    [api.seller.sellerId, externalId, observed, error === null ? null : JSON.stringify(error)],
  );
}

async function effects(): Promise<Record<string, string>> {
  const { body } = await api.get(PREVIEW);
  return Object.fromEntries(
    body.listings.map(({ externalId, effect }: Record<string, string>) => [externalId, effect]),
  );
}

const refusal = {
  code: "refused",
  message: "The listing 6-refused is under review.",
  quantity: null,
  at: 0,
  seq: 1,
  times: 1,
};

beforeAll(async () => {
  await api.put("/v1/connections/meli", { kind: "mercadolibre", mode: "shadow" });
  for (const sku of ["A", "B", "GONE"]) await api.put(`/v1/skus/${sku}`, {});
  const receipt = (sku: string, units: number) => {
    return { kind: "receipt", sku, location: "main", units, externalId: sku };
  };
  await api.post("/v1/movements", { movements: [receipt("A", 10), receipt("B", 7)] });
  const listings: Record<string, object> = {
    "1-same": { components: [{ sku: "A", units: 1 }] },
    "2-rises": { components: [{ sku: "A", units: 1 }], title: "Brace" },
    "3-falls": {
      components: [
        { sku: "A", units: 2 },
        { sku: "B", units: 1 },
      ],
      buffer: 1,
      cap: 3,
    },
    "4-zero": { components: [{ sku: "GONE", units: 1 }] },
    "5-unread": { components: [{ sku: "B", units: 1 }] },
    "6-refused": { components: [{ sku: "B", units: 1 }] },
  };
  for (const [externalId, body] of Object.entries(listings))
    await api.put(`/v1/listings/meli/${externalId}`, body);
  await seen("1-same", 10);
  await seen("2-rises", 4);
  await seen("3-falls", 9);
  await seen("4-zero", 5);
  await seen("6-refused", 2, refusal);
});

test("says for every listing what it shows, what it would be set to and why, and counts them", async () => {
  const { body } = await api.get(PREVIEW);
  expect(body).toMatchObject({ connection: "meli", mode: "shadow", nextCursor: null });
  expect(body.listings).toMatchObject([
    { externalId: "1-same", observed: 10, desired: 10, change: 0, effect: "same" },
    { externalId: "2-rises", observed: 4, desired: 10, change: 6, effect: "rises" },
    { externalId: "3-falls", observed: 9, desired: 3, change: -6, effect: "falls" },
    { externalId: "4-zero", observed: 5, desired: 0, change: -5, effect: "to_zero" },
    { externalId: "5-unread", observed: null, desired: 7, change: null, effect: "unread" },
    { externalId: "6-refused", observed: 2, desired: 7, effect: "refused", reason: refusal.message },
  ]);
  expect(body.listings[2].steps).toEqual([
    { step: "component", sku: "A", available: 10, heldBack: 1, unitsPerSale: 2, sales: 4 },
    { step: "component", sku: "B", available: 7, heldBack: 1, unitsPerSale: 1, sales: 6 },
    { step: "scarcest", sku: "A", quantity: 4 },
    { step: "cap", limit: 3, quantity: 3 },
  ]);
  expect(body.totals).toEqual({
    listings: 6,
    same: 1,
    rises: 1,
    falls: 1,
    toZero: 1,
    unread: 1,
    refused: 1,
    unitsMore: 6,
    unitsFewer: 11,
    refusals: [{ reason: "The listing … is under review.", listings: 1 }],
    stopsPerHour: 20,
  });
  const { body: head } = await api.get("/v1/skus/A/availability");
  expect(body.previewedSeq).toBe(head.seq);
});

test("reckons as the listings themselves do", async () => {
  const [{ body: preview }, { body: listed }] = [await api.get(PREVIEW), await api.get("/v1/listings")];
  const pairs = (listings: { externalId: string; desired: number; steps: object[] }[]) =>
    listings.map(({ externalId, desired, steps }) => ({ externalId, desired, steps }));
  expect(pairs(preview.listings)).toEqual(pairs(listed.listings));
});

test("follows the pool", async () => {
  const sale = { lineId: "1", sku: "A", quantity: 6 };
  await api.post("/v1/orders", {
    orders: [{ channel: "web", orderId: "A-1", status: "paid", lines: [sale] }],
  });
  expect(await effects()).toMatchObject({ "1-same": "falls", "2-rises": "same", "3-falls": "falls" });
});

test("pages by cursor, totals first, the whole at one number", async () => {
  const first = (await api.get(`${PREVIEW}?limit=4`)).body;
  expect(first.totals.listings).toBe(6);
  const second = (await api.get(`${PREVIEW}?limit=4&cursor=${first.nextCursor}`)).body;
  expect(second).toMatchObject({ totals: null, previewedSeq: first.previewedSeq, nextCursor: null });
  expect([...first.listings, ...second.listings].map(({ externalId }) => externalId)).toEqual(
    Object.keys(await effects()),
  );
});

test("refuses what it does not know", async () => {
  expect(await api.get("/v1/connections/none/preview")).toMatchObject({
    status: 404,
    body: { code: "unknown_connection" },
  });
  for (const query of ["limit=0", "limit=201", "cursor=x", "cursor=WyJhIl0", "only=changes"])
    expect((await api.get(`${PREVIEW}?${query}`)).status).toBe(400);
});

test("a channel of one's own has nothing to go live with, and an empty one nothing to show", async () => {
  await api.put("/v1/connections/empty", { kind: "mercadolibre" });
  expect((await api.get("/v1/connections/empty/preview")).body).toMatchObject({
    listings: [],
    totals: { listings: 0, stopsPerHour: 20 },
  });
});
