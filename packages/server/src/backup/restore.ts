import { createHash } from "node:crypto";

import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";

import { type Migration, readMigrations } from "../postgres/migration-files.ts";
import { isSqlState, sqlStateOf, SQLSTATE } from "../postgres/sqlstate.ts";
import type { BackupManifest } from "./backup-format.ts";
import { BackupRefused, type BackupRefusal, backupRefusalOf } from "./backup-refused.ts";
import { copyOut, readBackupTables, readIdentitySequences, SET_TEXT_FORM } from "./backup-tables.ts";
import { loadBackup } from "./load-backup.ts";
import { finishSchema } from "./restore-schema.ts";

/** What a restore brought back. */
export type RestoreSummary = {
  readonly createdAt: string;
  /** The schema of the backup; the database has the program's own when it is done. */
  readonly schemaNumber: number;
  readonly tables: BackupManifest["tables"];
};

/** `verifyLedger` answers what differs between balances and movements, nothing if all is well; it runs before anything is kept. */
export type RestoreOptions = {
  readonly verifyLedger: (client: pg.ClientBase) => Promise<readonly string[]>;
  readonly migrations?: readonly Migration[] | undefined;
};

/**
 * Brings a backup back into an empty database, all or nothing: one transaction, in which the rows are read back and compared with the backup's
 * hashes and the ledger is recomputed before anything is kept. A backup of an older schema is migrated on the way.
 */
export async function restore(
  pool: pg.Pool,
  file: string,
  options: RestoreOptions,
): Promise<{ readonly ok: true; readonly summary: RestoreSummary } | BackupRefusal> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("begin");
    try {
      const summary = await restoreInto(client, file, options);
      await client.query("commit");
      // The planner knows nothing of rows that came all at once.
      await client.query("analyze");
      return { ok: true, summary };
    } catch (error) {
      await client.query("rollback").catch((rollbackError: Error) => {
        broken = rollbackError;
      });
      throw error;
    }
  } catch (error) {
    return backupRefusalOf(explain(error, file), file);
  } finally {
    // A connection in the middle of a COPY that went wrong is not given to the next one.
    client.release(broken);
  }
}

async function restoreInto(
  client: pg.PoolClient,
  file: string,
  options: RestoreOptions,
): Promise<RestoreSummary> {
  const known = options.migrations ?? (await readMigrations());
  await client.query(SET_TEXT_FORM);
  const { header, manifest, dropped } = await loadBackup(client, file, known);
  await continueSequences(client, manifest);
  await compareRows(client, manifest);
  await finishSchema(client, { header, known, dropped });
  await verify(client, options);
  const { createdAt, schemaNumber } = header;
  return { createdAt, schemaNumber, tables: manifest.tables };
}

async function continueSequences(client: pg.PoolClient, manifest: BackupManifest): Promise<void> {
  const sequences = await readIdentitySequences(client);
  for (const { table, column, last, isCalled } of manifest.sequences) {
    const found = sequences.find((sequence) => sequence.table === table && sequence.column === column);
    if (found === undefined)
      throw new BackupRefused(
        "schema_differs",
        `The backup counts ${table}.${column}, which counts nothing here.`,
      );
    await client.query("select setval($1::regclass, $2, $3)", [found.sequence, last, isCalled]);
  }
}

/** Reads every row back as a backup would and compares it with what the backup said. */
async function compareRows(client: pg.PoolClient, manifest: BackupManifest): Promise<void> {
  const expected = new Map(manifest.tables.map(({ name, sha256 }) => [name, sha256]));
  for (const table of await readBackupTables(client)) {
    const hash = createHash("sha256");
    for await (const bytes of client.query(copyTo(copyOut(table))) as AsyncIterable<Buffer>)
      hash.update(bytes);
    if (hash.digest("hex") !== expected.get(table.name)) {
      throw new Error(`the rows of ${table.name} did not come back as they were written`);
    }
  }
}

async function verify(client: pg.PoolClient, options: RestoreOptions): Promise<void> {
  const differences = await options.verifyLedger(client);
  if (differences.length === 0) return;
  throw new BackupRefused(
    "ledger_differs",
    `The backup's balances are not the sums of its movements, so nothing was restored: use another backup. First of ${differences.length}: ${differences[0]}.`,
  );
}

/** What the server refuses to take is the file's fault, unless somebody else holds the tables or there is no room. */
function explain(error: unknown, file: string): unknown {
  if (isSqlState(error, SQLSTATE.lockNotAvailable)) {
    return new BackupRefused(
      "database_busy",
      "Another program uses the database: stop it and restore again.",
      error,
    );
  }
  if (isSqlState(error, SQLSTATE.diskFull)) {
    return new BackupRefused(
      "disk_full",
      "The disk of the database is full: free some space and restore again; nothing was kept.",
      error,
    );
  }
  const state = sqlStateOf(error);
  if (state !== undefined && /^2[23]/.test(state)) {
    return new BackupRefused(
      "backup_damaged",
      `${file} holds rows the database refuses (${(error as Error).message}): use another backup.`,
      error,
    );
  }
  return error;
}
