import { chmod, chown, cp, lstat, mkdir, readdir, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { DatabaseRefused } from "./database-refused.ts";
import type { Binaries } from "./embedded-binaries.ts";
import { type FolderLock, lockFolder } from "./folder-lock.ts";
import type { PostgresAccount } from "./postgres-account.ts";
import { runProgram } from "./run-program.ts";
import { codeOf } from "./sqlstate.ts";

/** How often a lock that another starter holds is tried again, in milliseconds. */
const LOOK_INTERVAL_MS = 50;

/**
 * A folder of binaries that the account may run: the installed one, or a copy of it.
 *
 * As root the clone may lie below a folder only root may enter. The cluster gets around that through its working folder; a program
 * cannot, because PostgreSQL looks up its own path to find its libraries. The copy (60 MB, one per version) is a cache: it may be
 * deleted at any time and is made again at the next start. No data ever lies there.
 */
export async function reachableBinaries(binaries: Binaries, account: PostgresAccount): Promise<string> {
  const installed = await tryBinaries(binaries.folder, account);
  if (installed.runs) return binaries.folder;
  if (account === null || !installed.unreachable) throw cannotRun(binaries.folder, installed.reason);
  let reason = installed.reason;
  for (const parent of copyParents()) {
    try {
      const copy = await copyInto(parent, binaries);
      const tried = await tryBinaries(copy, account);
      if (tried.runs) return copy;
      reason = tried.reason;
    } catch (error) {
      if (!isPlaceUnfit(error)) throw error;
      reason = String(error);
    }
  }
  throw cannotRun(binaries.folder, reason);
}

/** Root's own places first; what lies in the temporary folder may be swept away under a running server. */
function copyParents(): readonly string[] {
  return [
    "/var/cache/onepool",
    "/var/lib/onepool",
    "/opt/onepool",
    path.join(os.tmpdir(), "onepool-0"),
    "/tmp/onepool-0",
  ];
}

/** This parent will not do, the next one may: no permission, read-only, not there, not ours. */
function isPlaceUnfit(error: unknown): boolean {
  return (
    error instanceof NotOurs ||
    error instanceof DatabaseRefused ||
    ["EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "")
  );
}

class NotOurs extends Error {}

/** Answers a complete copy below `parent`, made there if need be; of several starters at once one makes it. */
async function copyInto(parent: string, binaries: Binaries): Promise<string> {
  await mkdir(parent, { recursive: true, mode: 0o755 });
  await refuseForeignFolder(parent);
  const copy = path.join(parent, `postgresql-${binaries.packageVersion}`);
  const lock = await waitForLock(parent);
  try {
    if (await isSameTree(binaries.folder, copy)) return copy;
    await rm(copy, { recursive: true, force: true });
    await cp(binaries.folder, copy, { recursive: true, verbatimSymlinks: true });
    await openToAll(copy);
    return copy;
  } finally {
    lock.release();
  }
}

async function waitForLock(folder: string): Promise<FolderLock> {
  for (;;) {
    const lock = await lockFolder(folder);
    if (lock !== null) return lock;
    await delay(LOOK_INTERVAL_MS);
  }
}

/** Programs run from here, so nobody else may own it or write to it. */
async function refuseForeignFolder(folder: string): Promise<void> {
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== 0 || (found.mode & 0o022) !== 0)
    throw new NotOurs(`${folder} does not belong to root alone`);
}

/** Same names and sizes everywhere: catches a sweep of old files as well as another build under the same version. */
async function isSameTree(source: string, copy: string): Promise<boolean> {
  const entries = await readdir(source, { recursive: true });
  const same = await Promise.all(
    entries.map(async (entry) => {
      const [wanted, found] = await Promise.all([
        stat(path.join(source, entry)),
        stat(path.join(copy, entry)).catch(() => null),
      ]);
      return found !== null && (wanted.isDirectory() ? found.isDirectory() : wanted.size === found.size);
    }),
  );
  return same.every(Boolean);
}

/** An install under umask 077 left files that only root may read. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) continue;
    await chown(file, 0, 0);
    await chmod(file, entry.isDirectory() || path.basename(entry.parentPath) === "bin" ? 0o755 : 0o644);
  }
}

type Trial = { readonly runs: boolean; readonly unreachable: boolean; readonly reason: string };

/** Starting it is the only test that knows of access lists, mount options and missing libraries alike. */
async function tryBinaries(folder: string, account: PostgresAccount): Promise<Trial> {
  const binary = path.join(folder, "bin", "postgres");
  const result = await runProgram({ binary, args: ["--version"], account, workingFolder: "/" });
  const reason = result.startError?.message ?? result.output.trim();
  // The loader says "Permission denied" by itself when the program may be run but not its libraries.
  const unreachable = result.startError?.code === "EACCES" || /[Pp]ermission denied/.test(result.output);
  return { runs: result.exitCode === 0, unreachable, reason };
}

function cannotRun(folder: string, reason: string): DatabaseRefused {
  return new DatabaseRefused(
    "platform_unsupported",
    `The embedded PostgreSQL in ${folder} does not run here (${firstLine(reason)}): set DATABASE_URL to a PostgreSQL 15 or newer.`,
  );
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
