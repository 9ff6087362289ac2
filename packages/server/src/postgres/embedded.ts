import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";

import { type ClusterParts, prepareCluster } from "./cluster-folder.ts";
import { type DatabaseLog, SILENT_LOG } from "./database-log.ts";
import type { DatabaseRefusal } from "./database-refused.ts";
import { findBinaries } from "./embedded-binaries.ts";
import { embeddedFolder } from "./embedded-folder.ts";
import { embeddedUrl } from "./embedded-url.ts";
import { type FolderLock, folderInUse, lockFolder } from "./folder-lock.ts";
import { startGuard } from "./guard.ts";
import { makeLibraryLinks } from "./library-links.ts";
import { chooseAccount } from "./postgres-account.ts";
import { startPostmaster, stopLeftPostmaster } from "./postmaster.ts";
import { reachableBinaries } from "./reachable-binaries.ts";
import { removeSocketLink } from "./socket-folder.ts";
import { type EmbeddedEvent, supervise } from "./supervisor.ts";
import { systemRefusalOf } from "./system-refusal.ts";

/** How to start. `settings` are PostgreSQL's own, over ours (the throwaway test cluster switches fsync off). */
export type EmbeddedOptions = {
  readonly dataFolder: string;
  readonly log?: DatabaseLog | undefined;
  readonly onEvent?: ((event: EmbeddedEvent) => void) | undefined;
  readonly settings?: Readonly<Record<string, string>> | undefined;
};

/** A PostgreSQL that runs for this process. */
export type Embedded = {
  /** Holds for its whole life: a restart after a crash keeps the address. */
  readonly url: string;
  /** An earlier owner had left PostgreSQL running; it was stopped in good order and started again. */
  readonly foundRunning: boolean;
  readonly folder: string;
  /** Null while it is being restarted. */
  postmasterPid(): number | null;
  guardPid(): number | undefined;
  stop(): Promise<void>;
};

/**
 * Starts the PostgreSQL of a data folder: made at the first start, recovered after a crash, never shared by two servers.
 * It ends with this process, even by `kill -9`.
 */
export async function startEmbedded(
  options: EmbeddedOptions,
): Promise<{ readonly ok: true; readonly embedded: Embedded } | DatabaseRefusal> {
  const folder = embeddedFolder(options.dataFolder);
  let lock: FolderLock | null = null;
  try {
    await mkdir(folder.dataFolder, { recursive: true, mode: 0o700 });
    lock = await lockFolder(folder.dataFolder);
    if (lock === null) throw await folderInUse(folder.dataFolder);
    return { ok: true, embedded: await startLocked(options, lock) };
  } catch (error) {
    lock?.release();
    return systemRefusalOf(error, folder.dataFolder);
  }
}

async function startLocked(options: EmbeddedOptions, lock: FolderLock): Promise<Embedded> {
  const log = options.log ?? SILENT_LOG;
  const folder = embeddedFolder(options.dataFolder);
  const account = await chooseAccount(folder.cluster);
  const installed = await findBinaries();
  await makeLibraryLinks(installed.folder);
  const parts: ClusterParts = { folder, account, binaries: await reachableBinaries(installed, account) };
  const foundRunning = await stopLeftPostmaster(folder.cluster);
  if (foundRunning)
    log.warn({ folder: folder.cluster }, "stopped the PostgreSQL that an earlier server left running");
  const url = await embeddedUrl(folder.cluster, await prepareCluster(parts));
  const postmasterOptions = { owner: randomBytes(8).toString("hex"), settings: options.settings ?? {} };
  const guard = startGuard(folder.cluster, postmasterOptions.owner);
  try {
    const first = await startPostmaster(parts, postmasterOptions);
    const supervisor = supervise({ parts, options: postmasterOptions, log, onEvent: options.onEvent, first });
    const stop = async (): Promise<void> => {
      await supervisor.stop();
      await guard.dismiss();
      await removeSocketLink(folder.cluster);
      lock.release();
    };
    let stopped: Promise<void> | undefined;
    return {
      url,
      foundRunning,
      folder: folder.cluster,
      postmasterPid: () => supervisor.pid(),
      guardPid: () => guard.pid(),
      stop: () => (stopped ??= stop()),
    };
  } catch (error) {
    await guard.dismiss();
    throw error;
  }
}
