import { fileDrop } from "@onepool/connectors/file-drop/connector.ts";
import { shipbob } from "@onepool/connectors/shipbob/connector.ts";
import { beforeEach, expect, test } from "vitest";

import { plain, plainPushed } from "../intake/keeper/testing/plain-keeper.ts";
import { apiServer } from "../testing/api-server.ts";
import { testDatabase } from "../testing/test-database.ts";

const database = await testDatabase();
const api = apiServer(database, {}, () => [], [plain, plainPushed, shipbob, fileDrop]);
let code = "";
let nth = 0;

beforeEach(async () => {
  nth += 1;
  code = `wh-${nth}`;
  await api.put("/v1/locations/3pl", { kind: "3pl" });
  await api.put(`/v1/connections/${code}`, { kind: "plain-pushed", locations: { F1: "3pl" }, mode: "live" });
});

const at = "2026-11-23T10:00:00Z";
const lost = (factId: string, sellable = -1) => ({
  kind: "adjustment",
  factId,
  occurredAt: at,
  item: "A",
  facility: "F1",
  sellable,
  reason: "lost",
});

const tell = async (facts: unknown[], key?: string) =>
  api.post(`/v1/keepers/${code}/facts`, { facts }, key === undefined ? {} : { key });
const list = async (query = "") => (await api.get(`/v1/keepers/${code}/facts${query}`)).body;

test("[I3] facts are stored before they are answered, each by itself, in the order sent", async () => {
  const before = api.factsStored;
  const { body } = await tell([lost("a"), { ...lost("b"), units: 3 }, lost("c"), lost("a"), lost("c", -2)]);
  expect(body.results).toEqual([
    { ok: true, factId: "a" },
    { ok: false, code: "unknown_field", field: "units", message: expect.any(String) },
    { ok: true, factId: "c" },
    { ok: true, factId: "a" },
    { ok: false, code: "external_id_conflict", field: "factId", message: expect.any(String) },
  ]);
  const { facts } = await list();
  expect(facts).toMatchObject([
    { factId: "c", state: "due", way: "api", kind: "adjustment", occurredAt: "2026-11-23T10:00:00.000Z" },
    { factId: "a", body: { sellable: -1, held: 0, reason: "lost", occurredAt: Date.parse(at) } },
  ]);
  expect(api.factsStored).toBe(before + 1);
});

test("[I2] the same fact again gets the same answer, whatever the order of its fields", async () => {
  const first = await tell([lost("a")]);
  const { kind, ...rest } = lost("a");
  expect((await tell([{ ...rest, kind }])).body).toEqual(first.body);
  expect((await list()).facts).toHaveLength(1);
  expect(api.factsStored).toBeGreaterThan(0);
});

test("all of the five facts, and picks, are taken as they are documented", async () => {
  const document = { occurredAt: at, updatedAt: at };
  const line = { item: "A", facility: "F1" };
  const facts = [
    {
      kind: "snapshot",
      factId: "s",
      asOf: { from: at, to: at },
      scope: "full",
      lines: [{ ...line, onHand: -3 }],
    },
    { kind: "pick", factId: "p", occurredAt: at, keeperOrderId: "1", ...line, units: -1 },
    {
      kind: "shipment",
      factId: "h",
      ...document,
      keeperOrderId: "1",
      status: "short",
      lines: [{ ...line, shipped: 0 }],
    },
    {
      kind: "receipt",
      factId: "r",
      ...document,
      keeperInboundId: "1",
      status: "open",
      lines: [{ ...line, expected: 5, stowed: 2 }],
    },
    {
      kind: "return",
      factId: "t",
      ...document,
      keeperReturnId: "1",
      status: "open",
      lines: [{ ...line, quantity: 1 }],
    },
    lost("x"),
  ];
  const { body } = await tell(facts);
  expect(body.results).toEqual(facts.map(({ factId }) => ({ ok: true, factId })));
  const kept = (await list()).facts.find(({ kind }: { kind: string }) => kind === "return");
  expect(kept.body.lines[0].dispositions).toEqual({ restocked: 0, quarantined: 0, disposed: 0, missing: 0 });
});

test.each([
  [{ ...lost("a"), kind: "theft" }, "invalid_field", "kind"],
  [{ ...lost("a"), factId: "" }, "invalid_field", "factId"],
  [{ ...lost("a"), factId: "a\u0000" }, "invalid_field", "factId"],
  [{ ...lost("a"), sellable: 1.5 }, "invalid_field", "sellable"],
  [{ ...lost("a"), occurredAt: "yesterday" }, "invalid_field", "occurredAt"],
  [{ ...lost("a"), occurredAt: "2999-01-01T00:00:00Z" }, "occurred_in_future", "occurredAt"],
  ["nothing", "invalid_field", "item"],
])("%j is refused by name, and nothing of it is stored", async (fact, problem, field) => {
  const { body } = await tell([fact]);
  expect(body.results).toMatchObject([{ ok: false, code: problem, field }]);
  expect((await list()).facts).toEqual([]);
});

test("a snapshot of thousands of lines is taken in parts that can be read again", async () => {
  const lines = Array.from({ length: 2_345 }, (_, index) => ({
    item: `I${index}`,
    facility: "F1",
    onHand: index,
  }));
  const snapshot = { kind: "snapshot", factId: "big", asOf: { from: at, to: at }, scope: "full", lines };
  expect((await tell([snapshot])).body.results).toEqual([{ ok: true, factId: "big" }]);
  expect((await tell([snapshot])).body.results).toEqual([{ ok: true, factId: "big" }]);
  const { facts } = await list();
  expect(facts.map(({ factId }: { factId: string }) => factId)).toEqual(["big#3", "big#2", "big#1"]);
  expect(facts.flatMap(({ body }: { body: { lines: unknown[] } }) => body.lines)).toHaveLength(2_345);
});

test("only keepers that write to us are told of here", async () => {
  await api.put("/v1/connections/read", { kind: "plain", baseUrl: "http://127.0.0.1:9" });
  await api.put("/v1/connections/web", { kind: "api" });
  for (const connection of ["read", "web"])
    expect(await api.post(`/v1/keepers/${connection}/facts`, { facts: [lost("a")] })).toMatchObject({
      status: 400,
      body: { code: "invalid_field", field: "connection" },
    });
  expect(await api.post("/v1/keepers/none/facts", { facts: [] })).toMatchObject({ status: 404 });
});

test("[I10] another seller neither sees nor tells, and reading keys do not write", async () => {
  await tell([lost("a")]);
  expect((await tell([lost("b")], api.other.keys.admin)).status).toBe(404);
  expect((await tell([lost("b")], api.seller.keys.read)).status).toBe(403);
  expect((await api.get(`/v1/keepers/${code}/facts`, api.other.keys.read)).status).toBe(404);
  expect((await list()).facts).toHaveLength(1);
});

test("is paged, and listed by state", async () => {
  await tell(["a", "b", "c"].map((id) => lost(id)));
  await database.pool.query(
    "update keeper_fact set state = 'waiting', error = 'who?' where connection = $1 and fact_id = 'b'",
    [code],
  );
  const first = await list("?limit=2");
  const second = await list(`?limit=2&cursor=${first.nextCursor}`);
  expect([...first.facts, ...second.facts].map(({ factId }) => factId)).toEqual(["c", "b", "a"]);
  expect(second.nextCursor).toBeNull();
  expect((await list("?state=waiting")).facts).toMatchObject([{ factId: "b", error: "who?" }]);
});

test("what was put aside is tried again when asked, and what is done stays done", async () => {
  await tell([lost("bad"), lost("good")]);
  await database.pool.query(
    `update keeper_fact set attempts = 9, state = case fact_id when 'bad' then 'poison' else 'done' end where connection = $1`,
    [code],
  );
  const replay = (id: string) => api.post(`/v1/keepers/${code}/facts/${encodeURIComponent(id)}/replay`, {});
  expect((await replay("bad")).body).toEqual({ factId: "bad", state: "due" });
  expect((await replay("good")).body).toEqual({ factId: "good", state: "done" });
  expect(await replay("none")).toMatchObject({ status: 404, body: { code: "unknown_fact" } });
  expect((await list("?state=due")).facts).toMatchObject([{ factId: "bad", attempts: 0 }]);
});

const upload = (name: string, body: string | Uint8Array, type = "text/csv") =>
  api.call(`/v1/keepers/${code}/files?name=${encodeURIComponent(name)}`, {
    method: "POST",
    body,
    headers: { "content-type": type },
  });

test("a file is read wholly, and the same file again changes nothing", async () => {
  const fact = { ...lost("f-1"), occurredAt: Date.parse(at), held: 0 };
  const text = [fact, { ...fact, factId: "f-2" }].map((one) => JSON.stringify(one)).join("\n");
  const told = { name: "losses.jsonl", facts: 2, lines: 2 };
  const first = await upload("losses.jsonl", text);
  expect(first.body).toEqual({ ...told, stored: 2, repeated: 0, conflicting: 0 });
  const again = await upload("losses.jsonl", text, "application/json");
  expect(again.body).toEqual({ ...told, stored: 0, repeated: 2, conflicting: 0 });
  expect((await list()).facts).toMatchObject([{ way: "file", deliveryId: "losses.jsonl" }, { way: "file" }]);
});

test("a file that cannot be read is refused with what is wrong, and nothing of it is taken", async () => {
  const fact = { ...lost("f-1"), occurredAt: Date.parse(at), held: 0 };
  expect(await upload("x", `${JSON.stringify(fact)}\nbroken`)).toMatchObject({
    status: 422,
    body: { code: "file_refused", message: "Line 2 is no fact." },
  });
  expect(await upload("x", "")).toMatchObject({ status: 400, body: { code: "missing_body" } });
  expect(await upload("../../etc/\u0000passwd", "{}")).toMatchObject({
    status: 400,
    body: { field: "name" },
  });
  expect((await list()).facts).toEqual([]);
});

test("a stock list is read as the connection says, and what is wrong with it is named by its line", async () => {
  const levels = {
    kind: "levels",
    match: "stock*.csv",
    columns: { sku: "SKU", location: "Place", onHand: "Units", asOf: "At" },
  };
  const settings = { kind: "file-drop", locations: { F1: "3pl" }, files: [levels] };
  expect((await api.put("/v1/connections/files", settings)).status).toBe(200);
  const wrong = { files: [{ ...levels, kind: "tarot" }] };
  expect((await api.put("/v1/connections/files", wrong)).body).toMatchObject({
    field: "body",
    message: expect.stringContaining("files.0"),
  });
  const send = (name: string, text: string) =>
    api.call(`/v1/keepers/files/files?name=${name}`, { method: "POST", body: text });
  const text = "SKU,Place,Units,At\nA,F1,4,2026-11-23T10:00:00Z\nB,F1,0,2026-11-23T10:00:00Z\n";
  expect((await send("stock-1.csv", text)).body).toMatchObject({ facts: 1, lines: 2, stored: 1 });
  expect((await send("stock-2.csv", text)).body).toMatchObject({ facts: 1, stored: 0, repeated: 1 });
  const refused = await send("stock-3.csv", text.replace(",4,", ",four,"));
  expect(refused).toMatchObject({ status: 422, body: { code: "file_refused" } });
  expect(refused.body.message).toMatch(/line 2/i);
  expect(await send("else.csv", text)).toMatchObject({ status: 422 });
});

test("a file may be large, and what is too large is refused before it is kept", async () => {
  const padding = "x".repeat(9 * 1024 * 1024);
  const fact = { ...lost("large"), occurredAt: Date.parse(at), held: 0, reasonText: padding };
  expect((await upload("large", JSON.stringify(fact))).body).toMatchObject({ stored: 1 });
  const huge = Buffer.alloc(50 * 1024 * 1024 + 1, 0x7b);
  expect(await upload("huge", huge)).toMatchObject({ status: 413, body: { code: "body_too_large" } });
});

test.each([
  [{ locations: { F1: "nowhere" } }, "unknown_location", "locations.F1"],
  [{ locations: { F1: "fba" } }, "invalid_field", "locations.F1"],
  [{ locations: { "": "3pl" } }, "invalid_field", "locations."],
  [{ locations: ["3pl"] }, "invalid_field", "locations"],
  [{ items: { K: [] } }, "invalid_field", "items.K"],
  [{ items: { K: [{ sku: "A", units: 0 }] } }, "invalid_field", "items.K"],
  [{ sendsOrders: ["nobody"] }, "unknown_connection", "sendsOrders.0"],
  [{ bookDriftUpTo: -1 }, "invalid_field", "bookDriftUpTo"],
  [{ timeZone: "Mexico" }, "invalid_field", "timeZone"],
  [{ files: [{ name: "a\u0000" }] }, "invalid_field", "files.0"],
  [{ sftp: "host" }, "invalid_field", "sftp"],
])("a keeper's settings %j are refused by name", async (settings, problem, field) => {
  await api.put("/v1/locations/fba", { kind: "channel" });
  const answer = await api.put(`/v1/connections/${code}`, settings);
  expect(answer.body).toMatchObject({ code: problem });
  expect(answer.body.field.startsWith(field)).toBe(true);
});

test("what the kind's connector cannot work with is refused when it is put", async () => {
  const put = (settings: object) => api.put("/v1/connections/bob", { kind: "shipbob", ...settings });
  expect((await put({ locations: { "8": "3pl" } })).status).toBe(200);
  expect((await put({ locations: { Cicero: "3pl" } })).body).toMatchObject({
    code: "invalid_field",
    field: "body",
    message: expect.stringContaining("locations.Cicero"),
  });
  expect((await put({ options: { channelId: "mine" } })).body.message).toContain("channelId");
  expect((await api.get("/v1/connections/bob")).body).toMatchObject({
    keeper: { locations: { "8": "3pl" } },
  });
});

test("a keeper's settings are shown as they were put, and are no channel's", async () => {
  await api.put("/v1/connections/web", { kind: "api" });
  const keeper = {
    locations: { F1: "3pl", F2: "main" },
    items: { "A-1": "A", KIT: [{ sku: "A", units: 2 }] },
    sendsOrders: ["web"],
    bookDriftUpTo: 5,
    returnOverdueDays: 10,
    timeZone: "America/Mexico_City",
    files: [{ name: "stock*.csv", columns: { item: "SKU" } }],
    sftp: { host: "files.example", username: "us" },
    nonSellableBins: ["QC-1"],
  };
  expect((await api.put(`/v1/connections/${code}`, keeper)).status).toBe(200);
  expect((await api.get(`/v1/connections/${code}`)).body).toMatchObject({ keeper, options: {} });
  expect((await api.get("/v1/connections/web")).body.keeper).toBeNull();
  expect(await api.put("/v1/connections/web", { locations: { F1: "3pl" } })).toMatchObject({
    status: 400,
    body: { code: "invalid_field", field: "locations" },
  });
});

test("how a keeper is doing is told: what was read, what waits, what was put aside", async () => {
  const health = async () => (await api.get(`/v1/connections/${code}`)).body.health;
  expect(await health()).toMatchObject({ state: "connected", problems: [], orders: null });
  await tell([lost("bad"), lost("waits")]);
  await database.pool.query(
    `update keeper_fact set state = case fact_id when 'bad' then 'poison' else 'waiting' end where connection = $1`,
    [code],
  );
  const { problems } = await health();
  expect(problems).toMatchObject([
    { code: "fact_stuck", severity: "warning", message: expect.stringContaining("1 fact") },
    { code: "fact_waits", severity: "info" },
  ]);
  const { sellerId } = api.seller;
  await database.pool.query(
    `insert into keeper_progress (seller_id, connection, way, due_at, complete_at, attempts, error) values
       ($1, $2, 'levels', now(), now(), 0, null), ($1, $2, 'collect', now(), null, 3, '{"kind":"transient","message":"It is away."}')`,
    [sellerId, code],
  );
  expect(await health()).toMatchObject({ state: "away" });
  expect((await health()).problems.map((one: { code: string }) => one.code)).toEqual([
    "away",
    "fact_stuck",
    "importing",
    "fact_waits",
  ]);
  await database.pool.query(
    'update keeper_progress set error = \'{"kind":"auth","message":"No."}\' where connection = $1 and way = \'collect\'',
    [code],
  );
  expect(await health()).toMatchObject({ state: "reconnect_needed" });
});
