// The server as a program: `npm start`. Starts, prints one line with the address, stops when it is told to.
import path from "node:path";
import process from "node:process";

import { createLog } from "./log/log.ts";
import { readSettings } from "./settings/settings.ts";
import { startServer, type RunningServer } from "./start/start-server.ts";

/** Where `.env` and, unless told otherwise, the data folder are. */
const ONEPOOL_FOLDER = path.join(import.meta.dirname, "../../..");

/** Exit codes of a process ended by a signal: 128 and its number. */
const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** A second signal sooner than this is an echo of the first: a terminal and a launcher may both pass it on. */
const ECHO_MS = 500;

/** A stop takes no longer. Less than what the launcher allows. */
const STOP_MAX_MS = 14_000;

await main();

async function main(): Promise<void> {
  // Whoever read our output may be gone; that is no reason to stop.
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);
  const answer = readSettings({ environment: process.env, folder: ONEPOOL_FOLDER });
  if (!answer.ok) return refuse(answer.sentences);
  const { settings, warnings } = answer;
  const log = createLog({ level: settings.logLevel, secrets: [settings.secretKey, settings.apiKey] });
  endOnBugs(log);
  for (const warning of warnings) log.warn(warning);
  const stop = stopOnSignals();
  const started = await startServer({ settings });
  if (!started.ok) return refuse([started.sentence]);
  if (!stop.takeOver(started.server)) process.stdout.write(`Onepool is ready: ${started.server.signInUrl}\n`);
}

/** Ends the process by itself once nothing runs any more. */
function refuse(sentences: readonly string[]): void {
  for (const sentence of sentences) process.stderr.write(`onepool: ${sentence}\n`);
  process.exitCode = 1;
}

/** The first signal stops in order, also in the middle of the start; the second ends the process at once. */
function stopOnSignals(): { takeOver(server: RunningServer): boolean } {
  let running: RunningServer | null = null;
  let asked: { readonly at: number; readonly code: number } | null = null;
  const end = async (server: RunningServer, code: number): Promise<void> => {
    // Also where something never ends, such as a database that no longer answers.
    setTimeout(() => process.exit(1), STOP_MAX_MS).unref();
    await server.stop();
    process.exit(code);
  };
  const onSignal = (signal: keyof typeof SIGNAL_CODES): void => {
    const now = performance.now();
    if (asked !== null) {
      if (now - asked.at > ECHO_MS) process.exit(SIGNAL_CODES[signal]);
      return;
    }
    // Stopping because we were told to is no failure.
    asked = { at: now, code: 0 };
    if (running !== null) void end(running, asked.code);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  return {
    /** Whether it was told to stop before it was ready. */
    takeOver(server) {
      running = server;
      if (asked !== null) void end(server, asked.code);
      return asked !== null;
    },
  };
}

/** After an error nobody caught the state of the process is unknown; what was acknowledged is in the database. */
function endOnBugs(log: ReturnType<typeof createLog>): void {
  const onBug = (error: unknown): void => {
    log.fatal({ err: error }, "an error that nobody caught ends the server");
    process.exit(1);
  };
  process.on("uncaughtException", onBug);
  process.on("unhandledRejection", onBug);
}
