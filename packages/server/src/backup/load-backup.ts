import type pg from "pg";

import type { Migration } from "../postgres/migration-files.ts";
import type { BackupHeader, BackupManifest } from "./backup-format.ts";
import { BackupRefused } from "./backup-refused.ts";
import { readBackupTables } from "./backup-tables.ts";
import { type BackupEvent, readBackup } from "./read-backup.ts";
import { prepareSchema } from "./restore-schema.ts";
import { RowLoader } from "./row-loader.ts";

/** A backup whose rows are in their tables. */
export type LoadedBackup = {
  readonly header: BackupHeader;
  readonly manifest: BackupManifest;
  /** The empty tables that were there before. */
  readonly dropped: readonly string[];
};

/** Makes the backup's schema and loads its rows, in the transaction that is open. */
export async function loadBackup(
  client: pg.PoolClient,
  file: string,
  known: readonly Migration[],
): Promise<LoadedBackup> {
  const loading = new Loading(client, known);
  try {
    for await (const event of readBackup(file)) await loading.take(event);
    return loading.end();
  } catch (error) {
    await loading.abort();
    throw error;
  }
}

class Loading {
  readonly #client: pg.PoolClient;
  readonly #known: readonly Migration[];
  #header: BackupHeader | undefined;
  #manifest: BackupManifest | undefined;
  #dropped: readonly string[] = [];
  #loader: RowLoader | undefined;

  constructor(client: pg.PoolClient, known: readonly Migration[]) {
    this.#client = client;
    this.#known = known;
  }

  async take(event: BackupEvent): Promise<void> {
    switch (event.kind) {
      case "header":
        this.#header = event.header;
        this.#dropped = await prepareSchema(this.#client, event.header, this.#known);
        return refuseOtherTables(this.#client, event.header);
      case "table":
        this.#loader = new RowLoader(this.#client, event.name, event.columns);
        return;
      case "rows":
        return this.#loader?.load(event.bytes, event.count);
      case "table_end":
        return this.#loader?.end();
      case "manifest":
        this.#manifest = event.manifest;
    }
  }

  end(): LoadedBackup {
    if (this.#header === undefined || this.#manifest === undefined)
      throw new Error("a backup was read without its ends");
    return { header: this.#header, manifest: this.#manifest, dropped: this.#dropped };
  }

  async abort(): Promise<void> {
    await this.#loader?.abort();
  }
}

/** The header names every column, so that a difference shows before a row is read. */
async function refuseOtherTables(client: pg.PoolClient, header: BackupHeader): Promise<void> {
  const describe = (tables: readonly { name: string; columns: readonly string[] }[]): string =>
    tables
      .map(({ name, columns }) => `${name}(${columns.toSorted().join()})`)
      .toSorted()
      .join();
  if (describe(header.tables) !== describe(await readBackupTables(client))) {
    throw new BackupRefused(
      "schema_differs",
      "The backup's tables are not those of its schema number here: restore it with the Onepool that wrote it.",
    );
  }
}
