import pg from "pg";

import { applyMigration, createRecord } from "../postgres/migrate.ts";
import type { Migration } from "../postgres/migration-files.ts";
import type { BackupHeader } from "./backup-format.ts";
import { BackupRefused } from "./backup-refused.ts";

/** How long to wait for a program that still uses the tables, in milliseconds. */
const LOCK_PATIENCE_MS = 2_000;

/**
 * Gives the empty database exactly the backup's schema and answers the tables it had before. One that holds anything is refused: a restore
 * never mixes with what is there.
 */
export async function prepareSchema(
  client: pg.PoolClient,
  header: BackupHeader,
  known: readonly Migration[],
): Promise<readonly string[]> {
  const wanted = migrationsOf(header, known);
  await client.query(`set local lock_timeout = ${LOCK_PATIENCE_MS}`);
  const tables = await readTables(client);
  if (tables.length > 0 && !tables.includes("schema_migration")) throw notEmpty(tables[0] ?? "");
  await lockTables(client, tables);
  await refuseRows(client, tables);
  await dropAll(client, tables);
  await createRecord(client);
  for (const migration of wanted) await applyMigration(client, migration);
  return tables;
}

/** What `finishSchema` goes on from. */
type Prepared = {
  readonly header: BackupHeader;
  readonly known: readonly Migration[];
  /** The tables `prepareSchema` found and dropped. */
  readonly dropped: readonly string[];
};

/** Goes on from the backup's schema to the program's own. */
export async function finishSchema(
  client: pg.PoolClient,
  { header, known, dropped }: Prepared,
): Promise<void> {
  for (const migration of known.slice(header.schemaNumber)) await applyMigration(client, migration);
  const tables = new Set(await readTables(client));
  // One that our migrations did not make again was somebody else's: the transaction is undone and it is there as before.
  const foreign = dropped.find((table) => !tables.has(table));
  if (foreign !== undefined) throw notEmpty(foreign);
}

/** The migrations the backup was written after; refused when they are not ours. */
function migrationsOf(header: BackupHeader, known: readonly Migration[]): readonly Migration[] {
  if (header.schemaNumber > known.length) {
    throw new BackupRefused(
      "backup_newer",
      `The backup was written by a newer Onepool (schema ${header.schemaNumber}, this one knows ${known.length}): restore it with that one.`,
    );
  }
  const wanted = known.slice(0, header.schemaNumber);
  const differing = wanted.find((migration, index) => migration.sha256 !== header.migrations[index]?.sha256);
  if (differing !== undefined) {
    throw new BackupRefused(
      "schema_differs",
      `The backup was written after another text of ${differing.name}: restore it with the Onepool that wrote it.`,
    );
  }
  return wanted;
}

async function readTables(client: pg.PoolClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') order by relname collate "C"`,
  );
  return rows.map(({ name }) => name);
}

async function lockTables(client: pg.PoolClient, tables: readonly string[]): Promise<void> {
  if (tables.length > 0)
    await client.query(`lock table ${tables.map(pg.escapeIdentifier).join(", ")} in access exclusive mode`);
}

async function refuseRows(client: pg.PoolClient, tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    if (table === "schema_migration") continue;
    const { rowCount } = await client.query(`select from ${pg.escapeIdentifier(table)} limit 1`);
    if (rowCount !== 0) throw notEmpty(table);
  }
}

/** The migrations make it all anew, so that it is what they say, whatever it was before. */
async function dropAll(client: pg.PoolClient, tables: readonly string[]): Promise<void> {
  if (tables.length > 0)
    await client.query(`drop table ${tables.map(pg.escapeIdentifier).join(", ")} cascade`);
  const { rows } = await client.query<{ routine: string }>(
    `select oid::regprocedure::text as routine from pg_proc p
     where pronamespace = current_schema()::regnamespace
       and not exists (select from pg_depend where classid = 'pg_proc'::regclass and objid = p.oid and deptype = 'e')`,
  );
  for (const { routine } of rows) await client.query(`drop routine ${routine}`);
}

function notEmpty(table: string): BackupRefused {
  return new BackupRefused(
    "database_not_empty",
    `A restore needs an empty database, and this one is in use (table ${table}): set ONEPOOL_DATA to a new folder, or DATABASE_URL to a new database.`,
  );
}
