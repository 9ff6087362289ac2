import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** A process as the system lists it. */
export type Process = { readonly pid: number; readonly state: string; readonly command: string };

/** True while a process runs; a zombie does not. */
export async function isRunning(pid: number): Promise<boolean> {
  return (await runningProcesses()).some((process) => process.pid === pid);
}

/** The running processes whose command line holds all of these words. */
export async function processesNaming(...words: readonly string[]): Promise<readonly Process[]> {
  return (await runningProcesses()).filter(({ command }) => words.every((word) => command.includes(word)));
}

async function runningProcesses(): Promise<readonly Process[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-ww", "-o", "pid=,state=,command="], {
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, pid, state, command]) => ({ pid: Number(pid), state: state ?? "", command: command ?? "" }))
    .filter(({ state }) => !state.startsWith("Z"));
}
