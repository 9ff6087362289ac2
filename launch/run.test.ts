import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { afterEach, beforeEach, expect, test } from "vitest";

const runModule = join(import.meta.dirname, "run.mjs");

let folder: string;
let launchers: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "onepool-run-"));
  launchers = [];
});

afterEach(() => {
  for (const launcher of launchers) launcher.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** A launcher running `program`, both real processes; `lines` gathers what the program prints. */
function launch(program: string): { launcher: ChildProcess; line: (start: string) => Promise<string> } {
  const path = join(folder, "program.mjs");
  writeFileSync(path, program);
  const code = `
    import { run } from ${JSON.stringify(runModule)};
    const { code } = await run({ node: process.execPath, args: [${JSON.stringify(path)}], cwd: "/", env: process.env });
    process.exit(code);`;
  const launcher = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    stdio: ["ignore", "pipe", "inherit"],
    env: withoutNpm(),
  });
  launchers.push(launcher);
  let output = "";
  launcher.stdout.on("data", (chunk) => (output += String(chunk)));
  const line = async (start: string): Promise<string> => {
    for (;;) {
      const found = output.split("\n").find((each) => each.startsWith(start));
      if (found !== undefined) return found.slice(start.length).trim();
      await wait(10);
    }
  };
  return { launcher, line };
}

/** Under npm the launcher also watches npm, which here is the test itself. */
function withoutNpm(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  delete env.npm_lifecycle_event;
  return env;
}

function exitCode(launcher: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => launcher.once("exit", (code) => resolve(code)));
}

async function untilGone(pid: number): Promise<void> {
  while (isRunning(pid)) await wait(10);
}

/** One that ended and was not yet collected by its new parent, which may take its time, runs no more. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch (error) {
    return (
      error instanceof Error && "code" in error && error.code === "ENOENT" && process.platform !== "linux"
    );
  }
}

const staysUp = `console.log("pid " + process.pid); setInterval(() => {}, 1000);`;

test("the exit code passes through", async () => {
  const { launcher } = launch("process.exit(7)");
  expect(await exitCode(launcher)).toBe(7);
});

test("a program ended by a signal gives the shell's code for it", async () => {
  const { launcher } = launch(`process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 1000);`);
  expect(await exitCode(launcher)).toBe(137);
});

test.for(["SIGINT", "SIGTERM"] as const)(
  "%s reaches the program once, and its graceful stop is waited for",
  async (signal) => {
    const { launcher, line } = launch(`
    let asked = 0;
    process.on("${signal}", () => { asked += 1; setTimeout(() => process.exit(asked), 200); });
    ${staysUp}`);
    await line("pid ");
    // npm and the terminal both pass a Ctrl-C on.
    launcher.kill(signal);
    launcher.kill(signal);
    expect(await exitCode(launcher)).toBe(1);
  },
);

test("a launcher killed outright takes the program with it, gracefully", async () => {
  const mark = join(folder, "stopped-gracefully");
  const { launcher, line } = launch(`
    import { writeFileSync } from "node:fs";
    process.on("SIGTERM", () => { writeFileSync(${JSON.stringify(mark)}, ""); process.exit(0); });
    ${staysUp}`);
  const pid = Number(await line("pid "));
  launcher.kill("SIGKILL");
  await untilGone(pid);
  expect(existsSync(mark)).toBe(true);
});

test("what the program leaves running ends with it", async () => {
  const { launcher, line } = launch(`
    import { spawn } from "node:child_process";
    const left = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    left.unref();
    left.once("spawn", () => console.log("left " + left.pid));`);
  const left = Number(await line("left "));
  expect(await exitCode(launcher)).toBe(0);
  await untilGone(left);
});

test("a program that ends by itself is not kept alive by the channel to the launcher", async () => {
  const { launcher, line } = launch(`console.log("done ");`);
  await line("done ");
  expect(await exitCode(launcher)).toBe(0);
});
