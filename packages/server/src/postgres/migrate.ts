import type pg from "pg";

import { type DatabaseLog, SILENT_LOG } from "./database-log.ts";
import { DatabaseRefused, type DatabaseRefusal, refusalOf } from "./database-refused.ts";
import { type Migration, readMigrations } from "./migration-files.ts";
import { isSomeoneElseCreatedIt } from "./sqlstate.ts";

/** What was done; `applied` holds the names this process applied, empty when another one was quicker. */
export type Migrated = {
  readonly ok: true;
  readonly applied: readonly string[];
  readonly schemaNumber: number;
};

/** `migrations` and their end are for tests; a program runs with those of its own folder. */
export type MigrateOptions = {
  readonly log?: DatabaseLog | undefined;
  readonly migrations?: readonly Migration[] | undefined;
};

const CREATE_RECORD = `
  create table if not exists schema_migration (
    number integer primary key check (number > 0),
    name text not null,
    sha256 text not null,
    breaking boolean not null,
    applied_at timestamptz not null default now()
  )`;

/**
 * Brings the schema to what this program knows, one migration per transaction, forward only. Any number of processes may start at once. A program
 * older than the schema goes on with a warning, unless a migration it does not know says that it breaks older programs.
 */
export async function migrate(
  pool: pg.Pool,
  options: MigrateOptions = {},
): Promise<Migrated | DatabaseRefusal> {
  const log = options.log ?? SILENT_LOG;
  const client = await pool.connect();
  try {
    const known = options.migrations ?? (await readMigrations());
    await createRecord(client);
    judgeRecord(await readRecord(client), known, log);
    const applied: string[] = [];
    for (const migration of known) if (await apply(client, migration)) applied.push(migration.name);
    // Another program may have gone further while we waited for it.
    const record = await readRecord(client);
    judgeRecord(record, known, log);
    if (applied.length > 0) log.info({ applied }, "the schema was migrated");
    return { ok: true, applied, schemaNumber: record.at(-1)?.number ?? 0 };
  } catch (error) {
    return refusalOf(error);
  } finally {
    client.release();
  }
}

/**
 * Looks whether this program may still work on the schema: another one may have migrated it since we started. To be asked now and
 * then by whoever runs for long.
 */
export async function checkSchema(
  pool: pg.Pool,
  options: MigrateOptions = {},
): Promise<{ readonly ok: true } | DatabaseRefusal> {
  const client = await pool.connect();
  try {
    judgeRecord(
      await readRecord(client),
      options.migrations ?? (await readMigrations()),
      options.log ?? SILENT_LOG,
    );
    return { ok: true };
  } catch (error) {
    return refusalOf(error);
  } finally {
    client.release();
  }
}

/** A migration as the database remembers it. */
export type AppliedMigration = Pick<Migration, "number" | "name" | "sha256" | "breaking">;

/** What the database says was applied, in order. */
export async function readRecord(client: pg.ClientBase): Promise<readonly AppliedMigration[]> {
  const { rows } = await client.query<AppliedMigration>(
    "select number, name, sha256, breaking from schema_migration order by number",
  );
  return rows;
}

/** Makes the table that remembers the migrations, if it is not there. */
export async function createRecord(client: pg.ClientBase): Promise<void> {
  try {
    await client.query(CREATE_RECORD);
  } catch (error) {
    // "if not exists" looks first and creates then: two starters can both find nothing.
    if (!isSomeoneElseCreatedIt(error)) throw error;
  }
}

async function apply(client: pg.ClientBase, migration: Migration): Promise<boolean> {
  await client.query("begin");
  try {
    const applied = await applyMigration(client, migration);
    await client.query("commit");
    return applied;
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}

/**
 * Applies one migration in the transaction that is open; false when it was applied already. The row goes in first: of several starters
 * one inserts it, the others wait at its key until that transaction ends, and then find the migration done, or do it themselves if
 * it failed.
 */
export async function applyMigration(client: pg.ClientBase, migration: Migration): Promise<boolean> {
  const { rowCount } = await client.query(
    "insert into schema_migration (number, name, sha256, breaking) values ($1, $2, $3, $4) on conflict (number) do nothing",
    [migration.number, migration.name, migration.sha256, migration.breaking],
  );
  if (rowCount === 1) await client.query(migration.sql);
  return rowCount === 1;
}

function judgeRecord(
  record: readonly AppliedMigration[],
  known: readonly Migration[],
  log: DatabaseLog,
): void {
  for (const applied of record) {
    const ours = known[applied.number - 1];
    if (ours === undefined) judgeNewer(applied, log);
    else if (ours.sha256 !== applied.sha256) {
      throw new DatabaseRefused(
        "schema_differs",
        `The database was migrated with another text of ${applied.name} than this Onepool has of ${ours.name}: start the Onepool that wrote it, or use another database.`,
      );
    }
  }
}

function judgeNewer(applied: AppliedMigration, log: DatabaseLog): void {
  if (applied.breaking) {
    throw new DatabaseRefused(
      "schema_newer",
      `The database was migrated by a newer Onepool (${applied.name}), which this one cannot work with: start the newer Onepool.`,
    );
  }
  log.warn(
    { migration: applied.name },
    "the database was migrated by a newer Onepool; this one can work with it",
  );
}
