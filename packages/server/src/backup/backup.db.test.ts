import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

import type pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { migrate } from "../postgres/migrate.ts";
import { type Migration, readMigrations } from "../postgres/migration-files.ts";
import { openDatabase } from "../postgres/open-database.ts";
import { databaseContents, ENCRYPTED, fillDatabase, SELLERS } from "../testing/backup-rows.ts";
import { type CreatedDatabase, createTestDatabase } from "../testing/create-test-database.ts";
import { startTestCluster } from "../testing/test-cluster.ts";
import { testDatabase } from "../testing/test-database.ts";
import { backup } from "./backup.ts";
import { type RestoreOptions, restore } from "./restore.ts";

const source = await testDatabase();
const now = new Date("2026-11-23T10:00:00Z");
const ledgerIsClean: RestoreOptions = { verifyLedger: async () => [] };
let folder: string;
let file: string;
const targets: CreatedDatabase[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "onepool-backup-"));
  await fillDatabase(source.pool);
  file = path.join(folder, "whole.backup");
  expect(await backup(source.pool, file, { now })).toMatchObject({ ok: true });
});
afterEach(async () => {
  for (const target of targets.splice(0)) expect(await target.drop()).toEqual([]);
});
afterAll(() => rm(folder, { recursive: true }));

test("a backup restored into a new database is the same to the last byte", async () => {
  const target = await newTarget({ empty: true });
  const restored = await restore(target.database.pool, file, ledgerIsClean);
  expect(restored).toMatchObject({ ok: true, summary: { createdAt: now.toISOString() } });
  expect(await databaseContents(target.database.pool)).toEqual(await databaseContents(source.pool));
});

test("it may go into a database that was migrated and never used", async () => {
  const target = await newTarget();
  expect(await restore(target.database.pool, file, ledgerIsClean)).toMatchObject({ ok: true });
  expect(await databaseContents(target.database.pool)).toEqual(await databaseContents(source.pool));
});

test("what is added afterwards goes on counting where the backup stood", async () => {
  const target = await newTarget();
  await restore(target.database.pool, file, ledgerIsClean);
  const insert = "insert into seller (code, name) values ('next', 'Next') returning seller_id";
  const { rows } = await target.database.pool.query<{ seller_id: number }>(insert);
  expect(rows[0]?.seller_id).toBe(SELLERS + 1);
});

test("it is one moment: what servers write meanwhile is wholly in it or wholly not", async () => {
  const busy = await newTarget();
  await fillDatabase(busy.database.pool);
  const stopWriting = new AbortController();
  const writing = writeUntil(busy.database.pool, stopWriting.signal);
  const taken = path.join(folder, "busy.backup");
  for (let round = 0; round < 3; round++) {
    await rm(taken, { force: true });
    expect(await backup(busy.database.pool, taken, { now })).toMatchObject({ ok: true });
  }
  stopWriting.abort();
  expect(await writing).toBeGreaterThan(0);

  const target = await newTarget();
  expect(await restore(target.database.pool, taken, ledgerIsClean)).toMatchObject({ ok: true });
  // Every write puts one row into each of two tables.
  const { rows } = await target.database.pool.query<{ one: number; other: number }>(
    "select (select count(*) from follower where name like 'busy%') as one, (select count(*) from observation) as other",
  );
  expect(rows[0]?.one).toBe(rows[0]?.other);
});

test("credentials lie in the file as they lie in the table: encrypted", async () => {
  const text = gunzipSync(await readFile(file)).toString("utf8");
  expect(text).toContain(`\\\\x${ENCRYPTED.toString("hex")}`);
});

test("the file is for its owner alone, appears only whole and is never written over", async () => {
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const before = await readFile(file);
  expect(await backup(source.pool, file, { now })).toEqual({
    ok: false,
    code: "file_exists",
    sentence: `${file} exists already: name another file, or remove it first.`,
  });
  expect((await readFile(file)).equals(before)).toBe(true);
  expect(await backup(source.pool, path.join(folder, "no", "such", "folder"), { now })).toMatchObject({
    code: "file_unreachable",
  });
  expect((await readdir(folder)).filter((name) => name.includes("unfinished"))).toEqual([]);
});

test("a database in use is refused and left alone", async () => {
  const target = await newTarget();
  await target.database.pool.query("insert into seller (code, name) values ('mine', 'Mine')");
  const before = await databaseContents(target.database.pool);
  expect(await restore(target.database.pool, file, ledgerIsClean)).toMatchObject({
    code: "database_not_empty",
    sentence: expect.stringContaining("table seller"),
  });
  expect(await databaseContents(target.database.pool)).toEqual(before);
});

test("tables of somebody else are refused and left alone, empty ones too", async () => {
  const target = await newTarget();
  await target.database.pool.query("create table somebody_elses (x int)");
  expect(await restore(target.database.pool, file, ledgerIsClean)).toMatchObject({
    code: "database_not_empty",
  });
  expect((await target.database.pool.query("select from somebody_elses")).rowCount).toBe(0);
});

test("a ledger that does not add up is not restored", async () => {
  const target = await newTarget();
  const before = await databaseContents(target.database.pool);
  const verifyLedger = async (client: pg.ClientBase): Promise<readonly string[]> => {
    const { rowCount } = await client.query("select from seller");
    return [`${rowCount} sellers looked at`];
  };
  expect(await restore(target.database.pool, file, { verifyLedger })).toMatchObject({
    code: "ledger_differs",
    sentence: expect.stringContaining(`${SELLERS} sellers looked at`),
  });
  expect(await databaseContents(target.database.pool)).toEqual(before);
});

test("a program that uses the tables is waited for, then named", async () => {
  const target = await newTarget();
  const client = await target.database.pool.connect();
  await client.query("begin; lock table seller in share mode");
  expect(await restore(target.database.pool, file, ledgerIsClean)).toMatchObject({ code: "database_busy" });
  await client.query("rollback");
  client.release();
});

test("a file cut short anywhere restores nothing", async () => {
  const whole = await readFile(file);
  const target = await newTarget();
  const before = await databaseContents(target.database.pool);
  for (const share of [0.1, 0.5, 0.9, 0.99]) {
    const cut = await writeTo("cut.backup", whole.subarray(0, Math.floor(whole.length * share)));
    expect(await restore(target.database.pool, cut, ledgerIsClean)).toMatchObject({ code: "backup_damaged" });
  }
  expect(await databaseContents(target.database.pool)).toEqual(before);
});

test.for([
  ["a changed row", (text: string) => text.replace("Seller 7\t", "Seller X\t"), "backup_damaged"],
  ["a missing row", (text: string) => text.replace(/^.*Seller 7\t.*\n/m, ""), "backup_damaged"],
  [
    "a missing manifest",
    (text: string) => text.slice(0, text.lastIndexOf('{"onepool":"manifest"')),
    "backup_damaged",
  ],
  ["a line after the end", (text: string) => `${text}{}\n`, "backup_damaged"],
  ["a newer format", (text: string) => text.replace('"format":1', '"format":2'), "backup_newer"],
  [
    "a newer schema",
    (text: string) => text.replace(/"schemaNumber":\d+/, '"schemaNumber":999'),
    "backup_newer",
  ],
  [
    "another text of a migration",
    (text: string) => text.replace(/"sha256":"[0-9a-f]{64}"/, `"sha256":"${"0".repeat(64)}"`),
    "schema_differs",
  ],
  [
    "a column that is none of ours",
    (text: string) => text.replace('"key_hash"', '"key_salt"'),
    "schema_differs",
  ],
] as const)("%s is found and nothing is restored", async ([, change, code]) => {
  const text = gunzipSync(await readFile(file)).toString("latin1");
  const changed = change(text);
  expect(changed).not.toBe(text);
  const target = await newTarget({ empty: true });
  expect(await restore(target.database.pool, await changedFile(changed), ledgerIsClean)).toMatchObject({
    ok: false,
    code,
  });
  expect(
    (await target.database.pool.query("select from pg_tables where schemaname = 'public'")).rowCount,
  ).toBe(0);
});

test("a row the database refuses is found even where every hash agrees", async () => {
  const text = gunzipSync(await readFile(file)).toString("latin1");
  const rows = tableRows(text, "head");
  const changed = rehash(text.replace(rows, rows.replace(/^1\t\d+/m, "1\t-5")), "head");
  const target = await newTarget({ empty: true });
  expect(await restore(target.database.pool, await changedFile(changed), ledgerIsClean)).toMatchObject({
    code: "backup_damaged",
    sentence: expect.stringContaining("head_seq_check"),
  });
});

test.for([
  ["text", Buffer.from("dear diary\n")],
  ["nothing", Buffer.alloc(0)],
  ["packed text", gzipSync("dear diary\n")],
] as const)("a file that is no backup is refused: %s", async ([, bytes]) => {
  const target = await newTarget({ empty: true });
  const other = await writeTo("other", bytes);
  expect(await restore(target.database.pool, other, ledgerIsClean)).toEqual({
    ok: false,
    code: "not_a_backup",
    sentence: `${other} is not a backup of Onepool: check the name.`,
  });
});

test("a backup of an older schema is migrated on the way", async () => {
  const newer: Migration = {
    number: (await readMigrations()).length + 1,
    name: "9999_add_motto",
    sql: "alter table seller add column motto text not null default 'count once'",
    sha256: "of the newer",
    breaking: false,
  };
  const target = await newTarget({ empty: true });
  const migrations = [...(await readMigrations()), newer];
  expect(await restore(target.database.pool, file, { ...ledgerIsClean, migrations })).toMatchObject({
    ok: true,
  });
  expect((await target.database.pool.query("select distinct motto from seller")).rows).toEqual([
    { motto: "count once" },
  ]);
  expect(await migrate(target.database.pool, { migrations })).toMatchObject({ ok: true, applied: [] });
});

test("a backup goes from one version of PostgreSQL to another and back", async (context) => {
  const home = "/usr/lib/postgresql/15";
  const isInstalled = await stat(path.join(home, "bin", "postgres")).then(
    () => true,
    () => false,
  );
  if (!isInstalled) context.skip(`no other PostgreSQL is installed in ${home}`);
  const older = await startTestCluster({}, home);
  const opened = await openDatabase({ dataFolder: "", databaseUrl: older.url });
  if (!opened.ok) throw new Error(opened.sentence);
  const { database } = opened;
  expect(Math.floor(database.serverVersion / 10_000)).toBe(15);
  expect(await restore(database.pool, file, ledgerIsClean)).toMatchObject({ ok: true });
  const fromOlder = path.join(folder, "from-older.backup");
  expect(await backup(database.pool, fromOlder, { now })).toMatchObject({ ok: true });
  await database.close();
  await older.stop();

  const target = await newTarget();
  expect(await restore(target.database.pool, fromOlder, ledgerIsClean)).toMatchObject({ ok: true });
  expect(await databaseContents(target.database.pool)).toEqual(await databaseContents(source.pool));
});

test("a database that Onepool never ran on has nothing to back up", async () => {
  const target = await newTarget({ empty: true });
  expect(await backup(target.database.pool, path.join(folder, "none.backup"), { now })).toMatchObject({
    code: "nothing_to_back_up",
  });
});

async function newTarget(options: { empty?: boolean } = {}): Promise<CreatedDatabase> {
  const target = await createTestDatabase(options);
  targets.push(target);
  return target;
}

/** Writes a row into each of two tables at a time until it is told to stop; answers how often. */
async function writeUntil(pool: pg.Pool, stop: AbortSignal): Promise<number> {
  for (let times = 1; ; times++) {
    await pool.query(
      `with one as (insert into follower values (1, 'busy ' || $1::bigint, $1::bigint))
       insert into observation values (1, $1, 'meli', null, 'seen', now(), '{}')`,
      [times],
    );
    if (stop.aborted) return times;
  }
}

function writeTo(name: string, bytes: Uint8Array): Promise<string> {
  const other = path.join(folder, name);
  return writeFile(other, bytes).then(() => other);
}

/** `latin1` keeps every byte. */
function changedFile(text: string): Promise<string> {
  return writeTo("changed.backup", gzipSync(Buffer.from(text, "latin1")));
}

function tableRows(text: string, table: string): string {
  const start = `{"table":"${table}"}\n`;
  const from = text.indexOf(start) + start.length;
  return text.slice(from, text.indexOf("\\.\n", from));
}

/** Makes the hashes right again after rows of a table were changed: what a forger, or a bug, would write. */
function rehash(text: string, table: string): string {
  const manifestAt = text.lastIndexOf('{"onepool":"manifest"');
  const sha256 = (part: string): string =>
    createHash("sha256").update(Buffer.from(part, "latin1")).digest("hex");
  const manifest = JSON.parse(text.slice(manifestAt)) as {
    tables: { name: string; sha256: string }[];
    sha256: string;
  };
  for (const each of manifest.tables) if (each.name === table) each.sha256 = sha256(tableRows(text, table));
  manifest.sha256 = sha256(text.slice(0, manifestAt));
  return `${text.slice(0, manifestAt)}${JSON.stringify(manifest)}\n`;
}
