import { spawn } from "node:child_process";

import type { PostgresAccount } from "./postgres-account.ts";

/** How a short PostgreSQL program ended; `startError` is set when it could not be started at all. */
export type ProgramResult = {
  readonly exitCode: number | null;
  readonly output: string;
  readonly startError: NodeJS.ErrnoException | null;
};

/** What to run: `stdin` is written and closed; `workingFolder` is entered before the user changes. */
export type ProgramCall = {
  readonly binary: string;
  readonly args: readonly string[];
  readonly account: PostgresAccount;
  readonly workingFolder: string;
  readonly stdin?: string;
};

/** Longest output kept of a program, in characters: enough for the sentence that says what went wrong. */
const OUTPUT_LIMIT = 64 * 1024;

/** Runs a program of PostgreSQL to its end and answers what it said. */
export function runProgram(call: ProgramCall): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(call.binary, call.args, {
      cwd: call.workingFolder,
      env: postgresEnvironment(),
      stdio: ["pipe", "pipe", "pipe"],
      ...spawnIdentity(call.account),
    });
    let output = "";
    const collect = (chunk: string): void => {
      output = (output + chunk).slice(-OUTPUT_LIMIT);
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    // It may end before it has read its input; its exit code says what matters.
    child.stdin.on("error", () => {});
    child.stdin.end(call.stdin ?? "");
    child.once("error", (startError) => resolve({ exitCode: null, output, startError }));
    child.once("close", (exitCode) => resolve({ exitCode, output, startError: null }));
  });
}

/** The spawn options that make a child run as `account`. */
export function spawnIdentity(account: PostgresAccount): { uid?: number; gid?: number } {
  return account === null ? {} : { uid: account.uid, gid: account.gid };
}

/** Nothing of ours leaks in: a stray PGDATA, PGOPTIONS or locale must not change how the cluster behaves. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  return { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
}
