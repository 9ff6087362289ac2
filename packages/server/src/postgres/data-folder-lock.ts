import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

import { DatabaseRefused } from "./database-refused.ts";

/** Held for as long as this process uses the embedded PostgreSQL of a data folder. */
export type DataFolderLock = { release(): void };

/** SQLite's result code for "another process has it locked". */
const SQLITE_BUSY = 5;

/**
 * Takes the data folder for this process, or answers null when another live process has it.
 *
 * A file lock of the kernel, so that it ends with its holder whichever way that ends: there is no stale lock to judge after a
 * `kill -9`, no pid that may belong to somebody else by now, and two containers sharing a folder see each other. Node cannot take
 * such a lock, the SQLite inside it can, on every system; the file never holds a byte of data.
 */
export async function lockDataFolder(dataFolder: string): Promise<DataFolderLock | null> {
  const database = new DatabaseSync(lockFile(dataFolder));
  try {
    // No journal file beside the lock, no waiting for its holder.
    database.exec("pragma journal_mode = memory; pragma busy_timeout = 0; begin exclusive");
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return null;
    throw new DatabaseRefused(
      "folder_unreachable",
      `The file system of ${dataFolder} does not support file locks: set ONEPOOL_DATA to a folder on a local disk.`,
      error,
    );
  }
  await writeFile(ownerFile(dataFolder), `${process.pid}\n`, { mode: 0o600 });
  let held = true;
  return {
    release() {
      if (held) database.close();
      held = false;
    },
  };
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

function lockFile(dataFolder: string): string {
  return path.join(dataFolder, "postgres.lock");
}

/** Only for the sentence above: who holds the lock is decided by the kernel. */
function ownerFile(dataFolder: string): string {
  return path.join(dataFolder, "postgres.owner");
}
