import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";

import { type CreatedDatabase, createTestDatabase } from "../testing/create-test-database.ts";
import type { DatabaseLog } from "./database-log.ts";
import { checkSchema, migrate } from "./migrate.ts";
import { type Migration, readMigrations } from "./migration-files.ts";

let created: CreatedDatabase;

beforeEach(async () => {
  created = await createTestDatabase({ empty: true });
});
afterEach(async () => {
  expect(await created.drop()).toEqual([]);
});

test("20 starters at once: each migration is applied once, and every starter finds the whole schema", async () => {
  // A pool each, as if each were a server of its own.
  const pools = Array.from({ length: 20 }, () => created.database.openPool({ max: 1 }));
  const migrations = [
    ...(await readMigrations()).map((migration) => ({ ...migration })),
    // Slow enough that the others really meet it half-way.
    migrationOf({
      sql: "create table slow (x int); select pg_sleep(0.2); insert into slow values (1)",
      after: await readMigrations(),
    }),
  ];

  const outcomes = await Promise.all(pools.map((pool) => migrate(pool, { migrations })));

  expect(outcomes.map((outcome) => outcome.ok && outcome.schemaNumber)).toEqual(
    pools.map(() => migrations.length),
  );
  const applied = outcomes.flatMap((outcome) => (outcome.ok ? outcome.applied : []));
  expect(applied.toSorted()).toEqual(migrations.map(({ name }) => name));
  expect(await count("slow")).toBe(1);
  expect(await count("schema_migration")).toBe(migrations.length);
});

test("a migration that fails leaves nothing of itself, and the next start tries it again", async () => {
  const [first, broken] = [
    migrationOf({ sql: "create table one (x int)" }),
    migrationOf({ number: 2, sql: "create table two (x int); select 1 / 0" }),
  ];
  await expect(migrate(created.database.pool, { migrations: [first, broken] })).rejects.toThrow(
    /division by zero/,
  );
  expect(await tables()).toEqual(["one", "schema_migration"]);

  const mended = migrationOf({ number: 2, sql: "create table two (x int)" });
  expect(await migrate(created.database.pool, { migrations: [first, mended] })).toEqual({
    ok: true,
    applied: [mended.name],
    schemaNumber: 2,
  });
});

test("an older program refuses a newer breaking schema and touches nothing", async () => {
  const [first, breaking] = [
    migrationOf({}),
    migrationOf({ number: 2, breaking: true, sql: "drop table one" }),
  ];
  await migrate(created.database.pool, { migrations: [first, breaking] });

  expect(await migrate(created.database.pool, { migrations: [first] })).toEqual({
    ok: false,
    code: "schema_newer",
    sentence:
      "The database was migrated by a newer Onepool (0002_do_something), which this one cannot work with: start the newer Onepool.",
  });
  expect(await tables()).toEqual(["schema_migration"]);
});

test("a program that runs already sees that its schema was migrated away under it", async () => {
  const [first, breaking] = [
    migrationOf({}),
    migrationOf({ number: 2, breaking: true, sql: "drop table one" }),
  ];
  await migrate(created.database.pool, { migrations: [first] });
  expect(await checkSchema(created.database.pool, { migrations: [first] })).toEqual({ ok: true });
  await migrate(created.database.pool, { migrations: [first, breaking] });
  expect(await checkSchema(created.database.pool, { migrations: [first] })).toMatchObject({
    ok: false,
    code: "schema_newer",
  });
});

test("an older program works on a newer compatible schema, with a warning", async () => {
  const [first, compatible] = [migrationOf({}), migrationOf({ number: 2, sql: "create table two (x int)" })];
  await migrate(created.database.pool, { migrations: [first, compatible] });
  const warnings: string[] = [];
  const log: DatabaseLog = { info() {}, error() {}, warn: (_, message) => warnings.push(message) };

  expect(await migrate(created.database.pool, { migrations: [first], log })).toMatchObject({
    ok: true,
    schemaNumber: 2,
  });
  expect(new Set(warnings)).toEqual(
    new Set(["the database was migrated by a newer Onepool; this one can work with it"]),
  );
});

test("a migration edited after it was applied is refused", async () => {
  await migrate(created.database.pool, { migrations: [migrationOf({})] });
  const edited = { ...migrationOf({}), sha256: "another" };
  expect(await migrate(created.database.pool, { migrations: [edited] })).toMatchObject({
    ok: false,
    code: "schema_differs",
  });
});

function migrationOf(given: Partial<Migration> & { after?: readonly Migration[] }): Migration {
  const { after = [], ...fields } = given;
  const number = given.number ?? after.length + 1;
  return {
    number,
    name: `${String(number).padStart(4, "0")}_do_something`,
    sql: "create table one (x int)",
    sha256: `text of ${number}`,
    breaking: false,
    ...fields,
  };
}

async function tables(): Promise<readonly string[]> {
  const { rows } = await created.database.pool.query<{ tablename: string }>(
    "select tablename from pg_tables where schemaname = 'public' order by 1",
  );
  return rows.map(({ tablename }) => tablename);
}

async function count(table: string): Promise<number> {
  const { rows } = await created.database.pool.query<{ count: number }>(
    `select count(*) from ${pg.escapeIdentifier(table)}`,
  );
  return rows[0]?.count ?? -1;
}
