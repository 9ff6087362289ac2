// Onepool itself, started as a child process just as `npm start` starts it.
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const LIFELINE = new URL("../../launch/lifeline.mjs", import.meta.url).href;

/** How long a graceful stop may take before it is cut short, in milliseconds. */
const STOP_GRACE_MS = 15_000;

export interface ServerProcess {
  readonly url: string;
  /** The page, with its one-time sign-in. */
  readonly signInUrl: string;
  /** An API key of the seller `default`, with every right. */
  readonly key: string;
  readonly pid: number;
  /** Rejects when the server ends by itself. */
  readonly failed: Promise<never>;
  /** Asks it to end, and waits until it has. */
  stop(): Promise<void>;
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>;
}

export interface ServerProcessOptions {
  readonly dataFolder: string;
  /** Taken when it is free, else any other; 0 for any. */
  readonly port?: number;
  readonly key?: string;
  /** More settings, as environment variables. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts the server and waits until it is ready; throws when it does not start. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const key = options.key ?? `opk_${randomBytes(24).toString("base64url")}`;
  const child = spawn(process.execPath, ["--import", LIFELINE, `${ROOT}packages/server/src/main.ts`], {
    cwd: ROOT,
    env: {
      ...process.env,
      ONEPOOL_DATA: options.dataFolder,
      ONEPOOL_PORT: String(await freePort(options.port ?? 0)),
      ONEPOOL_API_KEY: key,
      ONEPOOL_LOG_LEVEL: process.env["ONEPOOL_LOG_LEVEL"] ?? "warn",
      ...options.environment,
      ONEPOOL_LIFELINE: `${process.pid} ${STOP_GRACE_MS}`,
    },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    detached: process.platform !== "win32", // its own group: Ctrl-C reaches it once, through us
  });
  const signInUrl = await readyUrl(child);
  const ending = { isAsked: false };
  const failed = new Promise<never>((_, reject) => {
    child.once("exit", (code) => {
      if (!ending.isAsked)
        reject(new Error(`Onepool ended by itself with code ${String(code)}: its own words are above.`));
    });
  });
  failed.catch(() => undefined); // listened to by whoever races with it
  const url = new URL(signInUrl).origin;
  const askedTo = (end: (child: ChildProcess) => Promise<void>) => (): Promise<void> => {
    ending.isAsked = true;
    return end(child);
  };
  return { url, signInUrl, key, pid: child.pid ?? 0, failed, stop: askedTo(stop), kill: askedTo(kill) };
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("the server's output is a pipe");
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, "exit").then(([code]): never => {
    throw new Error(`Onepool did not start (code ${String(code)}): its own words are above.`);
  });
  const ready = (async () => {
    for await (const line of lines) {
      const url = /https?:\/\/\S+/.exec(line)?.[0];
      if (url !== undefined) return url;
    }
    return ended;
  })();
  const url = await Promise.race([ready, ended]);
  child.stdout.resume();
  ended.catch(() => undefined);
  return url;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const forced = setTimeout(() => child.kill("SIGKILL"), STOP_GRACE_MS);
  await ended;
  clearTimeout(forced);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** The wished port when it is free, else any. */
async function freePort(wished: number): Promise<number> {
  for (const candidate of [wished, 0]) {
    const server = createServer();
    const listening = await new Promise<number | null>((resolve) => {
      server.once("error", () => resolve(null));
      server.listen(candidate, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address !== null ? address.port : null);
      });
    });
    await new Promise((resolve) => server.close(resolve));
    if (listening !== null) return listening;
  }
  throw new Error("no port of this machine is free");
}
