import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { access, open, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";

import { type AppliedMigration, readRecord } from "../postgres/migrate.ts";
import { isSqlState, SQLSTATE } from "../postgres/sqlstate.ts";
import { BACKUP_FORMAT, type BackupHeader, type BackupManifest, END_OF_TABLE } from "./backup-format.ts";
import { BackupRefused, type BackupRefusal, backupRefusalOf } from "./backup-refused.ts";
import {
  type BackupTable,
  copyOut,
  readBackupTables,
  readIdentitySequences,
  SET_TEXT_FORM,
} from "./backup-tables.ts";
import { readBackup } from "./read-backup.ts";

/** What a backup holds. */
export type BackupSummary = {
  readonly createdAt: string;
  readonly schemaNumber: number;
  readonly bytes: number;
  readonly tables: BackupManifest["tables"];
};

/** Fast enough not to be the slowest part; the rows are text that packs well at any level. */
const GZIP_LEVEL = 3;

const NEWLINE = 0x0a;

/**
 * Writes everything to `file` as it was at one moment, while servers go on working. The file appears under its name when it is whole, on
 * the disk and read back; an existing one is never written over.
 */
export async function backup(
  pool: pg.Pool,
  file: string,
  options: { readonly now: Date },
): Promise<{ readonly ok: true; readonly summary: BackupSummary } | BackupRefusal> {
  const unfinished = `${file}.${process.pid}.unfinished`;
  try {
    await refuseExisting(file);
    const client = await pool.connect();
    try {
      await writeSnapshot(client, unfinished, options.now);
    } finally {
      client.release();
    }
    const summary = await readBack(unfinished);
    await rename(unfinished, file);
    await flush(path.dirname(file));
    return { ok: true, summary };
  } catch (error) {
    await rm(unfinished, { force: true });
    return backupRefusalOf(error, file);
  }
}

async function refuseExisting(file: string): Promise<void> {
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (exists)
    throw new BackupRefused("file_exists", `${file} exists already: name another file, or remove it first.`);
}

async function writeSnapshot(client: pg.PoolClient, file: string, now: Date): Promise<void> {
  await client.query("begin transaction isolation level repeatable read, read only");
  try {
    await client.query(SET_TEXT_FORM);
    const described = await describe(client, now);
    await pipeline(
      Readable.from(backupBytes(client, described)),
      createGzip({ level: GZIP_LEVEL }),
      // Nobody else may read it: it holds a seller's whole business.
      createWriteStream(file, { flags: "wx", mode: 0o600, flush: true }),
    );
  } finally {
    await client.query("rollback");
  }
}

type Described = { readonly header: BackupHeader; readonly tables: readonly BackupTable[] };

async function describe(client: pg.PoolClient, now: Date): Promise<Described> {
  const migrations = await readMigrationsOf(client);
  const tables = await readBackupTables(client);
  const { rows } = await client.query<{ version: number }>(
    "select current_setting('server_version_num')::int as version",
  );
  const header: BackupHeader = {
    onepool: "backup",
    format: BACKUP_FORMAT,
    createdAt: now.toISOString(),
    serverVersion: rows[0]?.version ?? 0,
    schemaNumber: migrations.at(-1)?.number ?? 0,
    migrations: [...migrations],
    tables: tables.map(({ name, columns }) => ({ name, columns: [...columns] })),
  };
  return { header, tables };
}

async function readMigrationsOf(client: pg.PoolClient): Promise<readonly AppliedMigration[]> {
  try {
    return await readRecord(client);
  } catch (error) {
    if (!isSqlState(error, SQLSTATE.tableMissing)) throw error;
    throw new BackupRefused(
      "nothing_to_back_up",
      "There is nothing to back up: Onepool has never run on this database.",
      error,
    );
  }
}

/** The whole file before it is packed, table by table as the server hands it over. */
async function* backupBytes(client: pg.PoolClient, { header, tables }: Described): AsyncGenerator<Buffer> {
  const whole = createHash("sha256");
  const hashed = (bytes: Buffer): Buffer => {
    whole.update(bytes);
    return bytes;
  };
  yield hashed(lineOf(header));
  const written: BackupManifest["tables"] = [];
  for (const table of tables) {
    yield hashed(lineOf({ table: table.name }));
    const ofTable = createHash("sha256");
    let rows = 0;
    for await (const bytes of client.query(copyTo(copyOut(table))) as AsyncIterable<Buffer>) {
      ofTable.update(bytes);
      rows += countLines(bytes);
      yield hashed(bytes);
    }
    yield hashed(Buffer.from(`${END_OF_TABLE}\n`));
    written.push({ name: table.name, rows, sha256: ofTable.digest("hex") });
  }
  const sequences = await readSequenceStates(client);
  const manifest: BackupManifest = {
    onepool: "manifest",
    tables: written,
    sequences,
    sha256: whole.digest("hex"),
  };
  yield lineOf(manifest);
}

async function readSequenceStates(client: pg.PoolClient): Promise<BackupManifest["sequences"]> {
  const states: BackupManifest["sequences"] = [];
  for (const { table, column, sequence } of await readIdentitySequences(client)) {
    // Sequences stand outside of every snapshot. A later state is as good: numbers may be left out, never given twice.
    const { rows } = await client.query<{ last: string; is_called: boolean }>(
      `select last_value::text as last, is_called from ${sequence}`,
    );
    for (const { last, is_called } of rows)
      states.push({ table, column, last: Number(last), isCalled: is_called });
  }
  return states;
}

/** Reads what was written as a restore would, every hash and count included. */
async function readBack(file: string): Promise<BackupSummary> {
  let header: BackupHeader | undefined;
  let manifest: BackupManifest | undefined;
  for await (const event of readBackup(file)) {
    if (event.kind === "header") header = event.header;
    if (event.kind === "manifest") manifest = event.manifest;
  }
  if (header === undefined || manifest === undefined) throw new Error("a backup was read without its ends");
  const { createdAt, schemaNumber } = header;
  return { createdAt, schemaNumber, tables: manifest.tables, bytes: (await stat(file)).size };
}

function lineOf(value: object): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
}

/** A rename is durable once the folder that holds the name is. */
async function flush(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
