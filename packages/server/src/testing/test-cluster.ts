import { mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { isAlive } from "../postgres/cluster-process.ts";
import { DatabaseRefused } from "../postgres/database-refused.ts";
import { embeddedFolder } from "../postgres/embedded-folder.ts";
import { startEmbedded } from "../postgres/embedded.ts";
import { lockFolder } from "../postgres/folder-lock.ts";
import { stopLeftPostmaster } from "../postgres/postmaster.ts";
import { codeOf } from "../postgres/sqlstate.ts";

/** A throwaway PostgreSQL for tests and benches. */
export type TestCluster = {
  readonly url: string;
  stop(): Promise<void>;
};

const FOLDER_PREFIX = "onepool-cluster-";

/** Nothing here has to outlive the run, so nothing waits for the disk. */
const FORGETFUL = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  max_connections: "400",
};

/**
 * Starts a cluster in the temporary folder. It ends with this process, whichever way that ends; its files go with `stop`, or at
 * the next start when this process was killed.
 */
export async function startTestCluster(
  settings: Readonly<Record<string, string>> = {},
): Promise<TestCluster> {
  await sweepLeftClusters();
  const dataFolder = await mkdtemp(path.join(os.tmpdir(), `${FOLDER_PREFIX}${process.pid}-`));
  const started = await startEmbedded({ dataFolder, settings: { ...FORGETFUL, ...settings } });
  if (!started.ok) {
    await rm(dataFolder, { recursive: true, force: true });
    throw new Error(`no test cluster: ${started.sentence}`);
  }
  return {
    url: started.embedded.url,
    async stop() {
      await started.embedded.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** Removes the folders of clusters whose process is gone, and stops what it may have left running in them. */
async function sweepLeftClusters(): Promise<void> {
  for (const name of await readdir(os.tmpdir())) {
    const owner = Number(new RegExp(`^${FOLDER_PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (Number.isNaN(owner) || isAlive(owner)) continue;
    const folder = path.join(os.tmpdir(), name);
    try {
      const lock = await lockFolder(folder);
      if (lock === null) continue;
      await stopLeftPostmaster(embeddedFolder(folder).cluster);
      await rm(folder, { recursive: true, force: true });
      lock.release();
    } catch (error) {
      // Another user's folder, or another run sweeps it at the same time.
      if (codeOf(error) === undefined && !(error instanceof DatabaseRefused)) throw error;
    }
  }
}
