import { type ChildProcess, spawn } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { clusterArgument } from "./cluster-argument.ts";
import type { ClusterParts } from "./cluster-folder.ts";
import {
  clusterNameOf,
  findLeftBackends,
  findPostmaster,
  findPretender,
  readPostmasterFile,
  signalProcess,
} from "./cluster-process.ts";
import { clusterSettings, settingArguments } from "./cluster-settings.ts";
import type { DatabaseRefused } from "./database-refused.ts";
import { EMBEDDED_SOCKET_NUMBER } from "./embedded-folder.ts";
import { explainFailure } from "./explain-failure.ts";
import { openLogFile, readLogAfter, sizeOf } from "./log-file.ts";
import { postgresEnvironment, spawnIdentity } from "./run-program.ts";

/** How often a condition outside of this process is looked at, in milliseconds. */
const LOOK_INTERVAL_MS = 10;

/** How long backends may take to notice that their postmaster was killed before they are told to go, in milliseconds. */
const LEFT_BACKENDS_PATIENCE_MS = 1_000;

/** After this long a fast shutdown becomes an immediate one, in milliseconds. Either loses nothing. */
const FAST_SHUTDOWN_PATIENCE_MS = 30_000;

/** A running PostgreSQL that is our child. */
export type Postmaster = {
  readonly pid: number;
  /** Settles when it has ended, whatever the reason. */
  readonly ended: Promise<void>;
  hasEnded(): boolean;
  /** Keeps this process alive until PostgreSQL has stopped. */
  stop(): Promise<void>;
};

/** `owner` goes on its command line for the guard; `settings` are PostgreSQL's own, over ours. */
export type PostmasterOptions = {
  readonly owner: string;
  readonly settings: Readonly<Record<string, string>>;
};

/** Starts PostgreSQL and waits until it takes connections, however long its recovery needs. Throws `DatabaseRefused`. */
export async function startPostmaster(parts: ClusterParts, options: PostmasterOptions): Promise<Postmaster> {
  const { folder } = parts;
  const logStart = await sizeOf(folder.log);
  const child = await spawnPostmaster(parts, options);
  const startError: { value: Error | null } = { value: null };
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", (error) => {
      startError.value = error;
      resolve();
    });
  });
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!over) {
    const file = await readPostmasterFile(folder.cluster);
    if (file !== null && file.pid === child.pid && file.ready) return ourPostmaster(child, file.pid, ended);
    await Promise.race([ended, delay(LOOK_INTERVAL_MS)]);
  }
  throw await whyItEnded(parts, startError.value, logStart);
}

async function whyItEnded(
  parts: ClusterParts,
  startError: Error | null,
  logStart: number,
): Promise<DatabaseRefused> {
  return explainFailure(
    startError?.message ?? (await readLogAfter(parts.folder.log, logStart)),
    parts.folder,
  );
}

async function spawnPostmaster(parts: ClusterParts, options: PostmasterOptions): Promise<ChildProcess> {
  const { folder, account, binaries } = parts;
  const log = await openLogFile(folder.log);
  try {
    const clusterName = await clusterNameOf(folder.cluster);
    return spawn(
      path.join(binaries, "bin", "postgres"),
      [
        "-D",
        clusterArgument(folder.cluster, account),
        "-p",
        String(EMBEDDED_SOCKET_NUMBER),
        ...settingArguments({ ...clusterSettings(clusterName, options.owner), ...options.settings }),
      ],
      {
        cwd: folder.cluster,
        env: postgresEnvironment(),
        stdio: ["ignore", log.fd, log.fd],
        // In a session of its own: Ctrl-C is for the server, which ends its work before it stops the database.
        detached: true,
        ...spawnIdentity(account),
      },
    );
  } finally {
    await log.close();
  }
}

function ourPostmaster(child: ChildProcess, pid: number, ended: Promise<void>): Postmaster {
  // It must not keep us alive: a process that forgets to stop it ends, and the guard stops it.
  child.unref();
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    pid,
    ended,
    hasEnded,
    async stop() {
      if (hasEnded()) return;
      child.ref();
      child.kill("SIGINT");
      const impatient = setTimeout(() => child.kill("SIGQUIT"), FAST_SHUTDOWN_PATIENCE_MS);
      await ended;
      clearTimeout(impatient);
    },
  };
}

/**
 * Stops what an earlier owner of the folder left running, and answers whether there was anything. Only the holder of the folder's
 * lock comes here, so its owner is gone; its guard may be stopping it at this moment, or have died as well.
 */
export async function stopLeftPostmaster(clusterFolder: string): Promise<boolean> {
  if (!(await clusterExists(clusterFolder))) return false;
  const pid = await findPostmaster(clusterFolder);
  if (pid !== null) {
    signalProcess(pid, "SIGINT");
    const impatientAt = performance.now() + FAST_SHUTDOWN_PATIENCE_MS;
    while ((await findPostmaster(clusterFolder)) === pid) {
      if (performance.now() > impatientAt) signalProcess(pid, "SIGQUIT");
      await delay(LOOK_INTERVAL_MS);
    }
  }
  const leftBackends = await stopLeftBackends(clusterFolder);
  await removeStaleFiles(clusterFolder);
  return pid !== null || leftBackends;
}

async function clusterExists(clusterFolder: string): Promise<boolean> {
  return (await readdir(clusterFolder).catch(() => [])).length > 0;
}

async function stopLeftBackends(clusterFolder: string): Promise<boolean> {
  const began = performance.now();
  let found = false;
  for (;;) {
    const left = await findLeftBackends(clusterFolder);
    if (left.length === 0) return found;
    found = true;
    // SIGKILL: without a postmaster nothing shared is worth saving, the next start replays the log.
    if (performance.now() - began > LEFT_BACKENDS_PATIENCE_MS)
      for (const pid of left) signalProcess(pid, "SIGKILL");
    await delay(LOOK_INTERVAL_MS);
  }
}

/**
 * PostgreSQL takes a pid in these files that is alive for a running postmaster. After a reboot that pid may be any program of the
 * same user, and PostgreSQL would refuse to start for as long as it runs.
 */
async function removeStaleFiles(clusterFolder: string): Promise<void> {
  if (!(await findPretender(clusterFolder))) return;
  const socket = path.join(clusterFolder, `.s.PGSQL.${EMBEDDED_SOCKET_NUMBER}`);
  for (const file of [path.join(clusterFolder, "postmaster.pid"), `${socket}.lock`, socket])
    await rm(file, { force: true });
}
