import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import type { EmbeddedEvent } from "../postgres/supervisor.ts";

/** What the owner says when PostgreSQL runs. */
export type OwnerReady = {
  readonly url: string;
  readonly foundRunning: boolean;
  readonly postmasterPid: number;
  readonly guardPid: number;
};

/** A server of its own process that owns an embedded PostgreSQL. */
export type OwnerProcess = {
  readonly pid: number;
  /** What it said when PostgreSQL ran, or throws the sentence why it does not. May be asked again. */
  ready(): Promise<OwnerReady>;
  /** The next event of this kind, heard already or yet to come; each is answered once. */
  event(kind: EmbeddedEvent["kind"]): Promise<string>;
  /** `kill -9`; settles when it is gone. */
  kill(): Promise<void>;
  /** Stops in order. */
  stop(): Promise<void>;
};

type Said = Partial<OwnerReady> & { ok?: boolean; sentence?: string; event?: string };

const OWNER_PROGRAM = fileURLToPath(new URL("./embedded-owner.ts", import.meta.url));

/** How to start an owner: as root under another identity, and with no file larger than so many blocks of 512 bytes. */
export type OwnerOptions = {
  readonly uid?: number;
  readonly gid?: number;
  readonly fileSizeBlocks?: number;
};

/** Starts one. */
export function startOwner(dataFolder: string, options: OwnerOptions = {}): OwnerProcess {
  const { fileSizeBlocks, ...identity } = options;
  const limit = fileSizeBlocks === undefined ? "" : `ulimit -f ${fileSizeBlocks}; `;
  const child = spawn(
    "/bin/sh",
    ["-c", `${limit}exec "$@"`, "sh", process.execPath, OWNER_PROGRAM, dataFolder],
    {
      stdio: ["pipe", "pipe", "inherit"],
      cwd: "/",
      ...identity,
    },
  );
  const heard: Said[] = [];
  let wake = (): void => {};
  createInterface({ input: child.stdout }).on("line", (line) => {
    heard.push(JSON.parse(line) as Said);
    wake();
  });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  void gone.then(() => wake());
  const take = async (wanted: (said: Said) => boolean): Promise<Said> => {
    for (;;) {
      const found = heard.findIndex(wanted);
      if (found >= 0) return heard.splice(found, 1)[0] as Said;
      if (hasEnded(child)) throw new Error("the owner ended without saying it");
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  let ready: Promise<OwnerReady> | undefined;
  const hearReady = async (): Promise<OwnerReady> => {
    const said = await take(({ ok }) => ok !== undefined);
    if (said.ok !== true) throw new Error(said.sentence);
    return said as OwnerReady;
  };
  return {
    pid: child.pid ?? 0,
    ready: () => (ready ??= hearReady()),
    event: async (kind) => (await take(({ event }) => event === kind)).sentence ?? "",
    async kill() {
      child.kill("SIGKILL");
      await gone;
    },
    async stop() {
      child.stdin.end();
      await gone;
    },
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
