import { execFile } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import { codeOf } from "./sqlstate.ts";

/** What PostgreSQL says about itself in `postmaster.pid`. */
export type PostmasterFile = { readonly pid: number; readonly ready: boolean };

/**
 * The name a cluster's processes carry on their command line. It follows the folder's inode: the same folder under another
 * path (a move, a bind mount) is the same cluster, a copy of it is another. Command lines may be read by everyone, the working
 * folder of another user's process may not, not even by root in a container.
 */
export async function clusterNameOf(clusterFolder: string): Promise<string> {
  const { dev, ino } = await stat(clusterFolder);
  return `onepool-${dev}-${ino}`;
}

/** Reads `postmaster.pid`; null when PostgreSQL has not written it or removed it at its end. */
export async function readPostmasterFile(clusterFolder: string): Promise<PostmasterFile | null> {
  let text: string;
  try {
    text = await readFile(path.join(clusterFolder, "postmaster.pid"), "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
  // Lines: pid, data folder, start time, port, socket folder, listen address, shared memory key, status.
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  return Number.isSafeInteger(pid) && pid > 0 ? { pid, ready: lines[7]?.trim() === "ready" } : null;
}

/** The running postmaster of this cluster, whoever started it; null when none runs. */
export async function findPostmaster(clusterFolder: string): Promise<number | null> {
  const file = await readPostmasterFile(clusterFolder);
  if (file === null) return null;
  const name = await clusterNameOf(clusterFolder);
  return (await commandLineOf(file.pid)).includes(`cluster_name=${name}`) ? file.pid : null;
}

/**
 * Backends that a killed postmaster left behind. They notice its death as soon as they wait for anything, but one in the
 * middle of a long computation holds the cluster's shared memory until then and would keep a new postmaster from starting.
 */
export async function findLeftBackends(clusterFolder: string): Promise<readonly number[]> {
  if (process.platform !== "linux") return [];
  const title = `postgres: ${await clusterNameOf(clusterFolder)}: `;
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry)).map(Number);
  const ours = await Promise.all(pids.map(async (pid) => (await commandLineOf(pid)).startsWith(title)));
  return pids.filter((_, index) => ours[index]);
}

/**
 * True when the pid in `postmaster.pid` is alive and is no PostgreSQL at all, so that the file is stale though it looks current. A dead
 * pid is left for PostgreSQL to judge, and so is any other PostgreSQL: somebody may look into the folder with a server of his own.
 */
export async function findPretender(clusterFolder: string): Promise<boolean> {
  const file = await readPostmasterFile(clusterFolder);
  if (file === null || !isAlive(file.pid)) return false;
  // Its own name only: our other processes have "postgres" in their paths.
  return !/^(\S*\/)?(postgres|postmaster)(:|\s|$)/.test(await commandLineOf(file.pid));
}

/** True when the number belongs to any process. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}

/** The command line of a process, its arguments separated by blanks; empty when there is no such process (or only its zombie). */
async function commandLineOf(pid: number): Promise<string> {
  try {
    if (process.platform === "linux")
      return (await readFile(`/proc/${pid}/cmdline`, "latin1")).replaceAll("\0", " ");
    const { stdout } = await promisify(execFile)("ps", ["-o", "command=", "-p", String(pid)]);
    return stdout;
  } catch {
    return "";
  }
}

/** Sends a signal; false when the process was gone already. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if (codeOf(error) === "ESRCH") return false;
    throw error;
  }
}
