import { expect, test } from "vitest";

import { apiServer } from "../../../testing/api-server.ts";
import { testDatabase } from "../../../testing/test-database.ts";

const database = await testDatabase();
const api = apiServer(database);

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

test("[I9] travels back to every entry and every instant", async () => {
  const sku = "TIME";
  await api.put(`/v1/skus/${sku}`, {});
  const seen: { seq: number; body: Record<string, unknown> }[] = [];
  const now = async () => (await api.get(`/v1/skus/${sku}/availability`)).body;
  const states = ["pending", "paid", "shipped", "cancelled"];
  for (let step = 0; step < 24; step++) {
    if (step % 6 === 0) {
      const receipt = { kind: "receipt", sku, location: "main", units: 1 + step, externalId: `time-${step}` };
      await api.post("/v1/movements", { movements: [receipt] });
    }
    const order = {
      channel: "web",
      orderId: `T-${step % 5}`,
      status: states[Math.floor(step / 5)] ?? "paid",
    };
    await api.post("/v1/orders", { orders: [{ ...order, lines: [{ lineId: "1", sku, quantity: 2 }] }] });
    const { seq, asOf: _, ...body } = await now();
    seen.push({ seq, body });
  }
  for (const { seq, body } of seen) {
    const { asOf, ...then } = (await api.get(`/v1/skus/${sku}/availability?at=${seq}`)).body;
    expect(then).toEqual({ ...body, seq });
    const byInstant = (await api.get(`/v1/skus/${sku}/availability?at=${asOf}`)).body;
    // Several entries may carry the same millisecond: the instant means the last of them.
    expect(byInstant.seq).toBeGreaterThanOrEqual(seq);
    expect(byInstant.asOf).toBe(asOf);
  }
  const future = (await api.get(`/v1/skus/${sku}/availability?at=2999-01-01T00:00:00Z`)).body;
  expect(future.seq).toBe((await now()).seq);
});

test("an instant may be written with any offset, its plus percent-encoded or not", async () => {
  for (const at of [
    "2999-01-01T02:00:00%2B02:00",
    "2999-01-01T02:00:00+02:00",
    "2998-12-31T22:00:00-02:00",
  ]) {
    expect((await api.get(`/v1/skus/KB-M/availability?at=${at}`)).body.asOf).toBe("2999-01-01T00:00:00.000Z");
  }
});

test("before a SKU was there it is not known, and beyond the last entry nothing is", async () => {
  const created = (await api.put("/v1/skus/NEW", {})).body.seq;
  expect((await api.get(`/v1/skus/NEW/availability?at=${created}`)).body).toMatchObject({
    onHand: 0,
    seq: created,
  });
  expect(await api.get(`/v1/skus/NEW/availability?at=${created - 1}`)).toMatchObject({
    status: 404,
    body: { code: "unknown_sku" },
  });
  expect((await api.get("/v1/skus/NEW/availability?at=1970-01-01T00:00:00Z")).status).toBe(404);
  expect(await api.get("/v1/skus/NEW/availability?at=999999999")).toMatchObject({
    status: 400,
    body: { field: "at" },
  });
  expect(await api.get("/v1/skus/NOBODY/availability")).toMatchObject({
    status: 404,
    body: { code: "unknown_sku" },
  });
});

test("units at a channel's location are shown there and counted nowhere else", async () => {
  await api.put("/v1/skus/FBA", {});
  await api.put("/v1/locations/fba-us", { kind: "channel" });
  const receipt = { kind: "receipt", sku: "FBA", location: "main", units: 10, externalId: "f1" };
  const transfer = {
    kind: "transfer",
    sku: "FBA",
    location: "main",
    toLocation: "fba-us",
    units: 4,
    externalId: "f2",
  };
  await api.post("/v1/movements", { movements: [receipt, transfer] });
  expect((await api.get("/v1/skus/FBA/availability")).body).toMatchObject({
    onHand: 6,
    available: 6,
    incoming: 0,
    locations: [
      { location: "fba-us", kind: "channel", sellable: 0, incoming: 4 },
      { location: "main", sellable: 6 },
    ],
  });
});

test("tells what each listing shows, beside what it should", async () => {
  await api.put("/v1/skus/LST", {});
  await api.put("/v1/connections/meli", { kind: "mercadolibre", mode: "live" });
  await api.put("/v1/listings/meli/MLM1", { components: [{ sku: "LST", units: 2 }] });
  const receipt = { kind: "receipt", sku: "LST", location: "main", units: 9, externalId: "l1" };
  await api.post("/v1/movements", { movements: [receipt] });
  const listings = async () => (await api.get("/v1/skus/LST/availability")).body.listings;
  expect(await listings()).toMatchObject([
    { desired: 4, observed: null, exposure: null, state: "unread", confirmedAt: null },
  ]);
  await database.pool.query(
    `insert into listing_state (seller_id, connection, external_id, observed, observed_at, confirmed_at, pushed, pushed_seq, pushed_at)
     values ($1, 'meli', 'MLM1', 7, $2, $2, 4, 1, $2)`,
    [api.seller.sellerId, new Date("2026-01-01T00:00:00Z")],
  );
  expect(await listings()).toEqual([
    {
      connection: "meli",
      externalId: "MLM1",
      mode: "live",
      desired: 4,
      observed: 7,
      exposure: 11,
      quota: null,
      expectedOversold: null,
      state: "pushing",
      problem: null,
      confirmedAt: "2026-01-01T00:00:00.000Z",
      pushed: 4,
    },
  ]);
  await database.pool.query(
    `update listing_state set pushed = null, pushed_at = null, observed = 5, error = $2 where seller_id = $1`,
    [api.seller.sellerId, { code: "unseen_sale", message: "Shows 5.", at: 0 }],
  );
  await database.pool.query(
    `insert into open_sale (seller_id, connection, external_id, order_id, units, opened_at) values ($1, 'meli', 'MLM1', 'o', 1, now())`,
    [api.seller.sellerId],
  );
  // What the ledger holds as sold for good is out of the pool and out of this number.
  expect(await listings()).toMatchObject([{ desired: 4, exposure: 5 }]);
  const line = { lineId: "1", sku: "LST", quantity: 1 };
  const order = {
    channel: "meli",
    orderId: "o",
    updatedAt: "2026-01-01T00:00:00Z",
    status: "pending",
    lines: [line],
  };
  const answer = await api.post("/v1/orders", { orders: [order] });
  expect(answer.body).toMatchObject({ results: [{ ok: true }] });
  expect(await listings()).toMatchObject([
    { desired: 5, observed: 5, exposure: 4, state: "unseen_sale", problem: "Shows 5." },
  ]);
});
