import type { JsonObject } from "@onepool/core/ledger/json.ts";
import { beforeEach, expect, test } from "vitest";

import { addSeller, secretBox, tell, testLedger } from "../../connections/testing/channel-seller.ts";
import { testDatabase } from "../../testing/test-database.ts";
import { waitUntil } from "../../testing/wait-until.ts";
import { readSecrets } from "./secret-store.ts";
import { completed, keeperReaders, progressOf, Warehouse } from "./testing/read-keepers.ts";

const database = await testDatabase();
const { pool } = database;
const ledger = testLedger(database);
const warehouse = await Warehouse.open();
const readers = keeperReaders(database);

let sellerId = 0;
let code = "";
let nth = 0;

beforeEach(async () => {
  nth += 1;
  sellerId = await addSeller(pool, `seller-${nth}`);
  code = `wh-${nth}`;
  warehouse.script({});
  await pool.query("delete from channel_account");
});

async function connect(settings: JsonObject = {}): Promise<void> {
  await tell(ledger, sellerId, {
    kind: "put_connection",
    code,
    connectionKind: "plain",
    mode: "live",
    settings: warehouse.settings(settings),
  });
}

async function alerts(): Promise<{ kind: string; severity: string; message: string; isOpen: boolean }[]> {
  const { rows } = await pool.query(
    `select kind, severity, body ->> 'message' as message, resolved_at is null as "isOpen" from alert
     where seller_id = $1 order by opened_at`,
    [sellerId],
  );
  return rows;
}

const failing = async (way: string) => ((await progressOf(pool, code, way))?.attempts ?? 0) > 0;
const overdue = () => pool.query("update keeper_progress set due_at = now() where connection = $1", [code]);

test("a keeper that cannot be read for four intervals is told of, and that it is heard again", async () => {
  let isAway = true;
  warehouse.script({ levels: () => (isAway ? 503 : EMPTY_LEVELS) });
  await connect();
  readers.start();
  await waitUntil(() => failing("levels"));
  readers.watch();
  await completed(pool, code, "collect");
  expect(await alerts()).toEqual([]);
  await pool.query(
    "update keeper_progress set failing_since = now() - interval '4 hours' where connection = $1 and way = 'levels'",
    [code],
  );
  await waitUntil(async () => (await alerts()).length > 0);
  expect(await alerts()).toMatchObject([{ kind: "keeper_silent", severity: "critical", isOpen: true }]);
  expect((await alerts())[0]?.message).toContain("The warehouse answered 503.");
  isAway = false;
  await overdue();
  await waitUntil(async () => (await alerts()).every(({ isOpen }) => !isOpen));
  await readers.stop();
  const { rows } = await pool.query("select kind from observation where seller_id = $1 order by cursor", [
    sellerId,
  ]);
  expect(rows).toEqual([{ kind: "keeper_silent" }, { kind: "keeper_heard" }]);
});

const EMPTY_LEVELS = { kind: "levels", asOf: { from: 1, to: 2 }, lines: [], nextPage: null };

test("a keeper that refuses our access is told of at once, and left alone until the connection is changed", async () => {
  warehouse.script({ account: (_, call) => (call > 5 ? { accountId: "acc", facilities: [] } : 401) });
  await connect();
  readers.start();
  readers.watch();
  await waitUntil(async () => (await alerts()).length > 0);
  expect(await alerts()).toMatchObject([{ kind: "keeper_silent", isOpen: true }]);
  await waitUntil(async () => (await failing("documents")) && (await failing("collect")));
  const { rows } = await pool.query<{ due_at: Date }>(
    "select due_at from keeper_progress where connection = $1 and attempts > 0 and claimed_until is null",
    [code],
  );
  for (const { due_at: dueAt } of rows) expect(dueAt.getTime()).toBeGreaterThan(Date.now() + 3_000_000);
  warehouse.script({});
  await connect({ title: "changed" });
  await completed(pool, code, "levels");
  await waitUntil(async () => (await alerts()).every(({ isOpen }) => !isOpen));
});

test("an account that another connection has is read for that one alone", async () => {
  await pool.query("insert into channel_account values ('plain', 'acc-1', 0, 'elsewhere')");
  await connect();
  readers.start();
  readers.watch();
  await waitUntil(async () => (await alerts()).length > 0);
  expect((await alerts())[0]?.message).toContain("would count its units twice");
  expect(warehouse.asked("levels")).toEqual([]);
});

test("a keeper is had to post to our address, and what it signs with is kept sealed", async () => {
  await connect();
  readers.start();
  await completed(pool, code, "subscription");
  const [call] = warehouse.vendor.calls.filter(({ target }) => target.endsWith("/subscription"));
  expect(JSON.parse(call?.body ?? "{}")).toEqual({
    url: "http://127.0.0.1:4040/hooks/plain/hook-secret",
    known: [],
  });
  expect(await readSecrets(pool, secretBox, { sellerId, code })).toEqual(["s-1"]);
  const { rows } = await pool.query<{ secrets: Buffer }>(
    "select secrets from keeper_secret where connection = $1",
    [code],
  );
  expect(rows[0]?.secrets.includes("s-1")).toBe(false);
  await overdue();
  const asked = () => warehouse.vendor.calls.filter(({ target }) => target.endsWith("/subscription"));
  await waitUntil(() => asked().length === 2);
  expect(JSON.parse(asked()[1]?.body ?? "{}")).toMatchObject({ known: ["s-1"] });
});

test("a keeper that will not post to us is told of, and is read all the same", async () => {
  warehouse.script({ subscription: () => 422 });
  await connect();
  readers.start();
  readers.watch();
  await waitUntil(async () => (await alerts()).length > 0);
  expect(await alerts()).toMatchObject([{ kind: "not_subscribed", severity: "warning" }]);
  await completed(pool, code, "levels");
});
