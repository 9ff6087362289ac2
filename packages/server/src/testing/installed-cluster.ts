import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, chown, mkdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { clusterNameOf, readPostmasterFile } from "../postgres/cluster-process.ts";
import { settingArguments } from "../postgres/cluster-settings.ts";
import { EMBEDDED_SOCKET_NUMBER, embeddedFolder } from "../postgres/embedded-folder.ts";
import { startGuard } from "../postgres/guard.ts";
import { chooseAccount } from "../postgres/postgres-account.ts";
import { postgresEnvironment, runProgram, spawnIdentity } from "../postgres/run-program.ts";
import { socketFolder } from "../postgres/socket-folder.ts";

/** A cluster of a PostgreSQL that is installed on the machine, such as Debian's. */
export type InstalledCluster = { readonly url: string; stop(): Promise<void> };

/**
 * Starts PostgreSQL from `home` (the folder that holds `bin`) in a data folder, for tests on another version than the embedded one. Nothing but this
 * user and root can reach its socket, so it asks for no password.
 */
export async function startInstalledCluster(
  home: string,
  dataFolder: string,
  settings: Readonly<Record<string, string>>,
): Promise<InstalledCluster> {
  const { cluster } = embeddedFolder(dataFolder);
  const account = await chooseAccount(cluster);
  await mkdir(cluster, { mode: 0o700 });
  if (account !== null) await chown(cluster, account.uid, account.gid);
  // Older versions leave their working folder while they look for their programs: they need a path they can walk.
  await chmod(dataFolder, 0o711);
  const made = await runProgram({
    binary: path.join(home, "bin", "initdb"),
    args: ["-D", cluster, "-U", "onepool", "--locale=C", "--encoding=UTF8", "--auth=trust", "--no-sync"],
    account,
    workingFolder: cluster,
  });
  if (made.exitCode !== 0) throw new Error(`initdb of ${home}: ${made.startError?.message ?? made.output}`);
  const owner = randomBytes(8).toString("hex");
  const guard = startGuard(cluster, owner);
  const child = spawn(
    path.join(home, "bin", "postgres"),
    [
      "-D",
      cluster,
      ...settingArguments({
        cluster_name: await clusterNameOf(cluster),
        "onepool.owner": owner,
        listen_addresses: "",
        unix_socket_directories: ".",
        timezone: "UTC",
        ...settings,
      }),
    ],
    { cwd: cluster, env: postgresEnvironment(), stdio: "ignore", detached: true, ...spawnIdentity(account) },
  );
  await untilReady(child, cluster);
  child.unref();
  const host = encodeURIComponent(await socketFolder(cluster));
  return {
    url: `postgresql://onepool@localhost:${EMBEDDED_SOCKET_NUMBER}/postgres?host=${host}`,
    async stop() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.ref();
      child.kill("SIGINT");
      await gone;
      await guard.dismiss();
    },
  };
}

async function untilReady(child: ChildProcess, cluster: string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null)
      throw new Error(`the installed PostgreSQL ended with code ${child.exitCode}`);
    const file = await readPostmasterFile(cluster);
    if (file?.pid === child.pid && file?.ready === true) return;
    await delay(10);
  }
}
