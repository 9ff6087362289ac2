import { beforeEach, expect, test } from "vitest";

import { apiServer } from "../../../testing/api-server.ts";
import { testDatabase } from "../../../testing/test-database.ts";

const database = await testDatabase();
const api = apiServer(database);

let code = "";
let nth = 0;

/** A connection in shadow with a listing that shows 4 where 10 are available, its orders imported. */
beforeEach(async () => {
  nth += 1;
  code = `meli-${nth}`;
  if (nth === 1) {
    await api.put("/v1/skus/A", {});
    const receipt = { kind: "receipt", sku: "A", location: "main", units: 10, externalId: "r" };
    await api.post("/v1/movements", { movements: [receipt] });
  }
  await api.put(`/v1/connections/${code}`, { kind: "mercadolibre", mode: "shadow" });
  await api.put(`/v1/listings/${code}/MLM1`, { components: [{ sku: "A", units: 1 }] });
  const { sellerId } = api.seller;
  await database.pool.query(
    `insert into order_poll (seller_id, connection, changed_through, due_at, complete_at)
     values ($1, $2, now(), now(), now())`,
    [sellerId, code],
  );
  await shows(4);
});

async function shows(observed: number): Promise<void> {
  await database.pool.query(
    `insert into listing_state (seller_id, connection, external_id, observed, observed_at)
     values ($1, $2, 'MLM1', $3, now())
     on conflict (seller_id, connection, external_id) do update set observed = $3`,
    [api.seller.sellerId, code, observed],
  );
}

const goLive = async (body: object = {}) =>
  (await api.put(`/v1/connections/${code}`, { mode: "live", ...body })).body;
const connection = async () => (await api.get(`/v1/connections/${code}`)).body;

test("with the preview that was seen it is recorded for ever what it said", async () => {
  const { body: preview } = await api.get(`/v1/connections/${code}/preview`);
  const answer = await goLive({ previewedSeq: preview.previewedSeq });
  expect(answer).toEqual({ ok: true, seq: answer.seq });
  const wentLive = { previewedSeq: preview.previewedSeq, rises: 1, falls: 0, toZero: 0, unread: 0 };
  expect(await connection()).toMatchObject({ mode: "live", wentLive });
  const { rows } = await database.pool.query<{ body: object }>(
    "select body from entry where seller_id = $1 and seq = $2",
    [api.seller.sellerId, answer.seq],
  );
  expect(rows[0]?.body).toMatchObject({ mode: "live", settings: { wentLive } });
});

test("without one it goes live all the same, with a warning that is recorded as well", async () => {
  const answer = await goLive();
  expect(answer).toMatchObject({ ok: true, warnings: [{ code: "not_previewed" }] });
  expect(answer.warnings[0].message).toContain(`/v1/connections/${code}/preview`);
  expect(await connection()).toMatchObject({ mode: "live", wentLive: { previewedSeq: null, rises: 1 } });
});

test("nothing is said where nothing changes", async () => {
  await shows(10);
  expect(Object.keys(await goLive())).toEqual(["ok", "seq"]);
});

test("what nobody has read counts as not seen", async () => {
  await database.pool.query("delete from listing_state where connection = $1", [code]);
  expect(await goLive()).toMatchObject({ warnings: [{ code: "not_previewed" }] });
});

test("a listing that was changed after the preview is told", async () => {
  const { body: preview } = await api.get(`/v1/connections/${code}/preview`);
  await api.put(`/v1/listings/${code}/MLM1`, { buffer: 2 });
  expect(await goLive({ previewedSeq: preview.previewedSeq })).toMatchObject({
    warnings: [{ code: "changed_since_preview" }],
  });
});

test("a connection whose orders are not imported yet goes live, and is told that it waits", async () => {
  await database.pool.query("delete from order_poll where connection = $1", [code]);
  await shows(10);
  expect(await goLive()).toMatchObject({ warnings: [{ code: "import_not_complete" }] });
  expect((await connection()).health.state).toBe("importing");
});

test("a number that no preview can have answered is refused, and nothing changes", async () => {
  for (const previewedSeq of [1_000_000, -1, 0.5, "1", null])
    expect(await api.put(`/v1/connections/${code}`, { mode: "live", previewedSeq })).toMatchObject({
      status: 400,
      body: { code: "invalid_field", field: "previewedSeq" },
    });
  expect(await connection()).toMatchObject({ mode: "shadow", wentLive: null });
});

test("the first PUT may go live at once, and live again is the same command", async () => {
  const body = { kind: "mercadolibre", mode: "live", since: "2026-11-23T00:00:00Z" };
  const first = (await api.put("/v1/connections/at-once", body)).body;
  expect(first).toEqual({ ok: true, seq: first.seq });
  expect((await api.put("/v1/connections/at-once", body)).body).toEqual(first);
  await goLive();
  const again = await goLive();
  expect(Object.keys(again)).toEqual(["ok", "seq"]);
  expect(await goLive()).toEqual(again);
});
