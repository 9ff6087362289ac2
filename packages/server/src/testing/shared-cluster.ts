import { mkdtemp, readdir, rm } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";

import { isAlive } from "../postgres/cluster-process.ts";
import { startTestCluster, type TestCluster } from "./test-cluster.ts";

/** Names the socket at which this run's workers ask for the shared cluster. */
const SOCKET_VARIABLE = "ONEPOOL_TEST_CLUSTER";

const FOLDER_PREFIX = "onepool-run-";

/** Removes what runs that were killed left. */
async function sweepLeftFolders(): Promise<void> {
  for (const name of await readdir(os.tmpdir())) {
    const owner = Number(new RegExp(`^${FOLDER_PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (Number.isNaN(owner) || isAlive(owner)) continue;
    // Another user's stays: only its owner may remove it.
    await rm(path.join(os.tmpdir(), name), { recursive: true, force: true }).catch(() => {});
  }
}

/**
 * Vitest's global setup: offers one cluster to all workers of the run and starts it when the first one asks, so that a run without
 * database tests pays nothing. Answers the teardown.
 */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  // With DATABASE_URL none is needed; and every vitest project calls this in the same process, the first call serves them all.
  if ((process.env["DATABASE_URL"] ?? "") !== "" || process.env[SOCKET_VARIABLE] !== undefined)
    return undefined;
  await sweepLeftFolders();
  const folder = await mkdtemp(path.join(os.tmpdir(), `${FOLDER_PREFIX}${process.pid}-`));
  const socket = path.join(folder, "cluster.sock");
  let cluster: Promise<TestCluster> | undefined;
  const server = net.createServer((client) => {
    client.on("error", () => {});
    cluster ??= startTestCluster();
    cluster.then(
      ({ url }) => client.end(JSON.stringify({ url })),
      (error: unknown) => client.end(JSON.stringify({ problem: String(error) })),
    );
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  server.unref();
  process.env[SOCKET_VARIABLE] = socket;
  return async () => {
    delete process.env[SOCKET_VARIABLE];
    server.close();
    await (await cluster?.catch(() => undefined))?.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

/** The run's shared cluster, undefined outside of a run that offers one. */
export async function askForSharedCluster(): Promise<string | undefined> {
  const socket = process.env[SOCKET_VARIABLE];
  if (socket === undefined) return undefined;
  const answer = JSON.parse(await text(net.connect(socket))) as { url?: string; problem?: string };
  if (answer.url === undefined) throw new Error(answer.problem);
  return answer.url;
}
