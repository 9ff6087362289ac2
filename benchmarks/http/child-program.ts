import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

const LIFELINE = new URL("../../launch/lifeline.mjs", import.meta.url).href;

/** A program of the bench that runs beside it, and talks with it by messages. */
export interface ChildProgram {
  /** Sends a message, if any, and waits for the next one from the program. Throws when that or the bench ends instead. */
  ask(message?: object): Promise<unknown>;
  /** Ends it, and waits until it is gone. */
  stop(): Promise<void>;
}

/** Starts a program file. It ends with this process, whichever way that ends. At the signal nobody waits for it any more. */
export function startProgram(file: URL, stopping: AbortSignal): ChildProgram {
  const child = spawn(process.execPath, ["--import", LIFELINE, file.pathname], {
    env: { ...process.env, ONEPOOL_LIFELINE: `${process.pid} 0` },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    detached: process.platform !== "win32", // its own group: Ctrl-C reaches it through us
  });
  return { ask: (message) => ask(child, stopping, message), stop: () => stop(child) };
}

async function ask(child: ChildProcess, stopping: AbortSignal, message?: object): Promise<unknown> {
  if (hasEnded(child)) throwEnded([child.exitCode, child.signalCode]);
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, stopping]);
  try {
    const answered = once(child, "message", { signal });
    const ended = once(child, "exit", { signal });
    if (message !== undefined) child.send(message);
    return await Promise.race([answered.then(([answer]) => answer as unknown), ended.then(throwEnded)]);
  } finally {
    over.abort();
  }
}

function throwEnded([code, signal]: unknown[]): never {
  throw new Error(`a program of the bench ended by itself (${String(code ?? signal)})`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
