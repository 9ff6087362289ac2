import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

import { DatabaseRefused } from "./database-refused.ts";

/** A folder that belongs to this process until it lets go or ends. */
export type FolderLock = { release(): void };

/** SQLite's result codes for "another process has it locked", "may not be written" and "may not be opened". */
const SQLITE_BUSY = 5;
const SQLITE_READONLY = 8;
const SQLITE_CANTOPEN = 14;

/**
 * Takes a folder, such as the data folder, for this process, or answers null when another live process has it.
 *
 * A file lock of the kernel, so that it ends with its holder whichever way that ends: there is no stale lock to
 * judge after a `kill -9`, no pid that may belong to somebody else by now, and two containers sharing a folder see
 * each other. Node cannot take such a lock, the SQLite inside it can, on every system; the file never holds data.
 */
export async function lockFolder(folder: string): Promise<FolderLock | null> {
  const database = takeLock(folder);
  if (database === null) return null;
  // Only for the sentence that a second server gets: who holds the lock is decided by the kernel.
  await writeFile(ownerFile(folder), `${process.pid}\n`, { mode: 0o600 }).catch(() => {});
  let held = true;
  return {
    release() {
      if (held) database.close();
      held = false;
    },
  };
}

function takeLock(folder: string): DatabaseSync | null {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path.join(folder, "postgres.lock"));
    // No journal file beside the lock, no waiting for its holder.
    database.exec("pragma journal_mode = memory; pragma busy_timeout = 0; begin exclusive");
    return database;
  } catch (error) {
    database?.close();
    // Extended codes carry the kind in their last byte.
    const result = ((error as { errcode?: number }).errcode ?? 0) & 0xff;
    if (result === SQLITE_BUSY) return null;
    throw new DatabaseRefused(
      "folder_unreachable",
      result === SQLITE_READONLY || result === SQLITE_CANTOPEN
        ? `The folder ${folder} cannot be written to: start Onepool as the user who owns it, or set ONEPOOL_DATA to another folder.`
        : `The file system of ${folder} does not support file locks: set ONEPOOL_DATA to a folder on a local disk.`,
      error,
    );
  }
}

/** The sentence for a second server on a folder that another one holds. */
export async function folderInUse(dataFolder: string): Promise<DatabaseRefused> {
  const owner = await readFile(ownerFile(dataFolder), "utf8").then(
    (pid) => ` (process ${pid.trim()})`,
    () => "",
  );
  return new DatabaseRefused(
    "folder_in_use",
    `Another Onepool server${owner} uses the data folder ${dataFolder}: stop it first, or set ONEPOOL_DATA to a folder of this server's own.`,
  );
}

function ownerFile(folder: string): string {
  return path.join(folder, "postgres.owner");
}
