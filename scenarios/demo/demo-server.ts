// Onepool itself, started as a child just as `npm start` starts it, with a data folder of its own that begins empty.
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** How long a graceful stop may take before it is cut short, in milliseconds. */
const STOP_GRACE_MS = 15_000;

export interface DemoServer {
  readonly url: string;
  /** The page, with its one-time sign-in. */
  readonly signInUrl: string;
  /** An API key of the demo's seller. */
  readonly key: string;
  /** Rejects when the server ends by itself. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/** Starts the server on `port`, or on a free one when that is taken. */
export async function startDemoServer(port: number): Promise<DemoServer> {
  const dataFolder = process.env["ONEPOOL_DATA"] ?? `${ROOT}data/demo`;
  await rm(dataFolder, { recursive: true, force: true });
  const key = `opk_${randomBytes(24).toString("base64url")}`;
  const child = spawn(
    process.execPath,
    [
      "--import",
      new URL("../../launch/lifeline.mjs", import.meta.url).href,
      `${ROOT}packages/server/src/main.ts`,
    ],
    {
      cwd: ROOT,
      env: {
        ...process.env,
        ONEPOOL_DATA: dataFolder,
        ONEPOOL_PORT: String(await freePort(port)),
        ONEPOOL_API_KEY: key,
        ONEPOOL_LOG_LEVEL: process.env["ONEPOOL_LOG_LEVEL"] ?? "warn",
        ONEPOOL_LIFELINE: `${process.pid} ${STOP_GRACE_MS}`,
      },
      stdio: ["ignore", "pipe", "inherit", "ipc"],
      detached: process.platform !== "win32", // its own group: Ctrl-C reaches it once, through us
    },
  );
  const signInUrl = await readyUrl(child);
  const failed = once(child, "exit").then(([code]): never => {
    throw new Error(`Onepool ended by itself with code ${String(code)}: its own words are above.`);
  });
  failed.catch(() => undefined); // listened to by whoever races with it
  return { url: new URL(signInUrl).origin, signInUrl, key, failed, stop: () => stop(child) };
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
