import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { startServerProcess, type ServerProcess } from "@onepool/scenarios/harness/server-process.ts";
import { isAlive } from "@onepool/server/postgres/cluster-process.ts";

export interface ServerOptions {
  readonly databaseUrl: string;
  /** Where the server writes a profile of its processor time when it ends; none if not given. */
  readonly profileFolder: string | undefined;
}

/** The folders of servers, with the process that made them. */
const FOLDER_PREFIX = "onepool-bench-";

/** Runs the server as a process of its own, as `npm start` does, for as long as the work takes. */
export async function withServer<T>(
  options: ServerOptions,
  work: (server: ServerProcess) => Promise<T>,
): Promise<T> {
  await sweepLeftFolders();
  const dataFolder = await mkdtemp(path.join(tmpdir(), `${FOLDER_PREFIX}${process.pid}-`));
  const { profileFolder } = options;
  const profile = profileFolder === undefined ? "" : `--cpu-prof --cpu-prof-dir=${profileFolder}`;
  try {
    const server = await startServerProcess({
      dataFolder,
      environment: {
        DATABASE_URL: options.databaseUrl,
        ONEPOOL_LOG_LEVEL: "error",
        NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""} ${profile}`.trim(),
      },
    });
    try {
      return await Promise.race([work(server), server.failed]);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
  }
}

/** Removes the folders of benches that were killed. */
async function sweepLeftFolders(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = Number(new RegExp(`^${FOLDER_PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (!Number.isNaN(owner) && !isAlive(owner))
      await rm(path.join(tmpdir(), name), { recursive: true, force: true });
  }
}
