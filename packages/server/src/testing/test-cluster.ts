import { access, constants, mkdtemp, readdir, rm, statfs } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { isAlive } from "../postgres/cluster-process.ts";
import { DatabaseRefused } from "../postgres/database-refused.ts";
import { embeddedFolder } from "../postgres/embedded-folder.ts";
import { startEmbedded } from "../postgres/embedded.ts";
import { lockFolder } from "../postgres/folder-lock.ts";
import { stopLeftPostmaster } from "../postgres/postmaster.ts";
import { codeOf } from "../postgres/sqlstate.ts";
import { startInstalledCluster } from "./installed-cluster.ts";

/** A throwaway PostgreSQL for tests and benches. */
export type TestCluster = {
  readonly url: string;
  stop(): Promise<void>;
};

const FOLDER_PREFIX = "onepool-cluster-";

/** Nothing here has to outlive the run, so nothing waits for the disk, and the log is kept short. */
const FORGETFUL = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  max_connections: "400",
  min_wal_size: "32MB",
  max_wal_size: "256MB",
};

/** Linux keeps these files in memory: cloning a database there takes 30 ms, on the disk of a small machine 260 ms (measured). */
const MEMORY_FOLDER = "/dev/shm";

/** A memory folder with less room than this is left alone: containers often have 64 MB. */
const MEMORY_NEEDED_BYTES = 4 * 1024 ** 3;

/** Folders that may lie on a disk: many systems keep the temporary folder in memory, and `/var/tmp` never. */
const DISK_FOLDERS = [os.tmpdir(), "/var/tmp", process.cwd()];

/** File systems in memory, by the number Linux gives them: tmpfs and ramfs. */
const MEMORY_FILE_SYSTEMS = new Set([0x01_02_19_94, 0x85_84_58_f6]);

/** Names the folder above `bin` of an installed PostgreSQL to run the suite on, instead of the embedded one. */
const INSTALLED_VARIABLE = "ONEPOOL_TEST_POSTGRES";

/**
 * Starts a cluster in memory, or in the temporary folder. It ends with this process, whichever way that ends; its
 * files go with `stop`, or at the next start when this process was killed. `home` names another PostgreSQL than the embedded one.
 */
export async function startTestCluster(
  settings: Readonly<Record<string, string>> = {},
  home: string = process.env[INSTALLED_VARIABLE] ?? "",
): Promise<TestCluster> {
  const parent = (await hasRoom(MEMORY_FOLDER)) ? MEMORY_FOLDER : os.tmpdir();
  return startThrowaway(parent, { ...FORGETFUL, ...settings }, home);
}

/** Starts one that keeps its promises: on a disk, with the settings a seller's own PostgreSQL has. For benches. */
export async function startDurableCluster(
  settings: Readonly<Record<string, string>> = {},
): Promise<TestCluster> {
  for (const parent of DISK_FOLDERS) {
    if (await isOnDisk(parent)) return startThrowaway(parent, settings);
  }
  throw new Error(`none of these folders is on a disk and writable: ${DISK_FOLDERS.join(", ")}`);
}

async function startThrowaway(
  parent: string,
  settings: Readonly<Record<string, string>>,
  home = "",
): Promise<TestCluster> {
  await sweepLeftClusters();
  const dataFolder = await mkdtemp(path.join(parent, `${FOLDER_PREFIX}${process.pid}-`));
  try {
    const cluster = await startIn(dataFolder, settings, home);
    return {
      url: cluster.url,
      async stop() {
        await cluster.stop();
        await rm(dataFolder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(dataFolder, { recursive: true, force: true });
    throw error;
  }
}

async function startIn(
  dataFolder: string,
  settings: Readonly<Record<string, string>>,
  home: string,
): Promise<TestCluster> {
  if (home !== "") return startInstalledCluster(home, dataFolder, settings);
  const started = await startEmbedded({ dataFolder, settings });
  if (!started.ok) throw new Error(`no test cluster: ${started.sentence}`);
  return started.embedded;
}

async function hasRoom(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK);
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize >= MEMORY_NEEDED_BYTES && os.freemem() >= MEMORY_NEEDED_BYTES;
  } catch {
    return false;
  }
}

async function isOnDisk(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK);
    return !MEMORY_FILE_SYSTEMS.has((await statfs(folder)).type);
  } catch {
    return false;
  }
}

/** Removes the folders of clusters whose process is gone, and stops what it may have left running in them. */
async function sweepLeftClusters(): Promise<void> {
  for (const parent of new Set([MEMORY_FOLDER, ...DISK_FOLDERS])) {
    for (const name of await readdir(parent).catch(() => [])) {
      const owner = Number(new RegExp(`^${FOLDER_PREFIX}(\\d+)-`).exec(name)?.[1]);
      if (!Number.isNaN(owner) && !isAlive(owner)) await sweep(path.join(parent, name));
    }
  }
}

async function sweep(folder: string): Promise<void> {
  try {
    const lock = await lockFolder(folder);
    if (lock === null) return;
    await stopLeftPostmaster(embeddedFolder(folder).cluster);
    await rm(folder, { recursive: true, force: true });
    lock.release();
  } catch (error) {
    // Another user's folder, or another run sweeps it at the same time.
    if (codeOf(error) === undefined && !(error instanceof DatabaseRefused)) throw error;
  }
}
