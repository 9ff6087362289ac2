import { mkdirSync, readFileSync, renameSync, rmSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";

import { say, Stop } from "./say.mjs";

/**
 * A lock between processes: a folder that only one can make, with its owner written inside. A lock whose owner is
 * gone (also by `kill -9`, also after a reboot) is taken over; a living owner is waited for.
 *
 * @typedef {{ host: string, boot: string, processes: { pid: number, started: string }[] }} Owner
 */

const pollMs = 200;

/** An owner is written right after its folder is made; a folder without one for this long was abandoned between. */
const ownerlessMs = 10_000;

/**
 * Runs `work` while holding the lock. `work` gets a function that names a child which must be gone, too, before
 * anybody may take over: it goes on for a moment when its parent is killed.
 *
 * @template T
 * @param {string} folder path of the lock, in a folder that exists
 * @param {string} doing what the owner is doing, for those who wait: "installing the packages"
 * @param {(alsoHeldBy: (pid: number) => void) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(folder, doing, work) {
  await acquire(folder, doing);
  const release = () => rmSync(folder, { recursive: true, force: true });
  // `exit` too: a stop by signal ends the process from inside `work`.
  process.once("exit", release);
  try {
    return await work((pid) => writeOwner(folder, [process.pid, pid]));
  } finally {
    process.removeListener("exit", release);
    release();
  }
}

/**
 * @param {string} folder
 * @param {string} doing
 */
async function acquire(folder, doing) {
  let told = false;
  while (!tryMake(folder)) {
    const owner = readOwner(folder);
    if (isGone(folder, owner)) {
      removeAbandoned(folder);
      continue;
    }
    if (!told) {
      const pid = owner?.processes[0]?.pid;
      say(`waiting for ${pid === undefined ? "another process" : `process ${pid}`}, which is ${doing} …`);
      told = true;
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  writeOwner(folder, [process.pid]);
}

/**
 * @param {string} folder
 * @returns {boolean} whether the lock is now ours
 */
function tryMake(folder) {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === "EEXIST") return false;
    throw new Stop(
      `${dirname(folder)} cannot be written (${code}), and something has to be installed or built there. Start it as the user who owns that folder.`,
    );
  }
}

/**
 * Removes a lock nobody holds. Two waiters may both have seen the dead owner, and the slower one must not remove
 * the lock that the faster one has made since: so only under a guard, and only after a second look.
 * @param {string} folder
 */
function removeAbandoned(folder) {
  const guard = `${folder}.takeover`;
  try {
    mkdirSync(guard);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    // The guard is held for microseconds; one older than that belonged to a process killed while holding it.
    if (ageMs(guard) > ownerlessMs) rmdirSync(guard);
    return;
  }
  try {
    if (isGone(folder, readOwner(folder))) rmSync(folder, { recursive: true, force: true });
  } finally {
    rmdirSync(guard);
  }
}

/**
 * @param {string} folder
 * @param {Owner | undefined} owner
 */
function isGone(folder, owner) {
  if (owner === undefined) return ageMs(folder) > ownerlessMs;
  // Another machine on a shared disk, or another container: its processes cannot be seen from here.
  if (owner.host !== hostname()) return false;
  if (owner.boot !== bootId()) return true;
  return !owner.processes.some((process) => startedAt(process.pid) === process.started);
}

/**
 * @param {string} folder
 * @returns {Owner | undefined}
 */
function readOwner(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, "owner.json"), "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * @param {string} folder
 * @param {number[]} pids
 */
function writeOwner(folder, pids) {
  const processes = pids.map((pid) => ({ pid, started: startedAt(pid) }));
  const next = join(folder, "owner.next.json");
  writeFileSync(next, JSON.stringify({ host: hostname(), boot: bootId(), processes }));
  renameSync(next, join(folder, "owner.json"));
}

/**
 * When a process started, in a form only good for comparing: a pid alone is used again after a while. Empty for a
 * process that is gone; where the system does not tell, "alive".
 * @param {number} pid
 */
function startedAt(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === "ESRCH") return "";
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in brackets may hold spaces; after it come the state and, as the 20th field, the start time.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "" : (fields[19] ?? "alive");
  } catch {
    return "alive";
  }
}

function bootId() {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}

/** @param {string} path */
function ageMs(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
