import { type ChildProcess, spawn } from "node:child_process";

import { GUARD_SCRIPT } from "./embedded-binaries.ts";

/** Stops PostgreSQL when this process is gone, even by `kill -9`. */
export type Guard = {
  pid(): number | undefined;
  /** The guard goes without touching PostgreSQL. */
  dismiss(): Promise<void>;
};

/** Longest pause before a guard that was killed is replaced, in milliseconds. */
const REPLACE_PAUSE_MS = 1_000;

/**
 * Starts the guard before PostgreSQL, so that there is no moment without it. A guard that dies is replaced: for as long as the server
 * lives somebody watches. `owner` is what PostgreSQL's command line says of whose it is.
 */
export function startGuard(clusterFolder: string, owner: string): Guard {
  let dismissed = false;
  let child: ChildProcess;
  const start = (): void => {
    child = spawn("/bin/sh", [GUARD_SCRIPT, owner, clusterFolder], {
      // It keeps no folder busy and has nothing to say.
      cwd: "/",
      stdio: ["pipe", "ignore", "ignore"],
      env: { PATH: "/usr/local/bin:/usr/bin:/bin" },
      detached: true,
    });
    // The pipe breaks when the guard is killed; "exit" below is the news.
    child.stdin?.on("error", () => {});
    child.once("error", replaceLater);
    child.once("exit", replaceLater);
    child.unref();
    (child.stdin as { unref?: () => void } | null)?.unref?.();
  };
  const replaceLater = (): void => {
    if (dismissed) return;
    child.removeAllListeners();
    setTimeout(() => {
      if (!dismissed) start();
    }, REPLACE_PAUSE_MS).unref();
  };
  start();
  return {
    pid: () => child.pid,
    async dismiss() {
      dismissed = true;
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      child.ref();
      child.stdin?.end("done\n");
      await gone;
    },
  };
}
