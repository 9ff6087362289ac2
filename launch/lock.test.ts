import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { withLock } from "./lock.mjs";

const lockModule = join(import.meta.dirname, "lock.mjs");

let folder: string;
let children: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "onepool-lock-"));
  children = [];
});

afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** A process that takes the lock and runs `body` while holding it. */
function holder(body: string): ChildProcess {
  const lock = JSON.stringify(join(folder, "lock"));
  const code = `
    import { appendFileSync } from "node:fs";
    import { withLock } from ${JSON.stringify(lockModule)};
    await withLock(${lock}, "working", async () => { ${body} });`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  return child;
}

function exited(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once("exit", () => resolve()));
}

function firstOutput(stream: NodeJS.ReadableStream | null): Promise<string> {
  return new Promise((resolve) => stream?.once("data", (chunk) => resolve(String(chunk))));
}

test("only one of many processes is inside at a time, and each gets its turn", async () => {
  const log = join(folder, "log");
  const writes = `
    appendFileSync(${JSON.stringify(log)}, "in ");
    await new Promise((resolve) => setTimeout(resolve, 20));
    appendFileSync(${JSON.stringify(log)}, "out ");`;
  await Promise.all(Array.from({ length: 5 }, () => exited(holder(writes))));
  expect(readFileSync(log, "utf8")).toBe("in out ".repeat(5));
  expect(existsSync(join(folder, "lock"))).toBe(false);
});

test("a waiter says which process it waits for", async () => {
  const owner = holder(`process.stdout.write("held"); await new Promise(() => setInterval(() => {}, 1000));`);
  await firstOutput(owner.stdout);
  const waiter = holder("");
  expect(await firstOutput(waiter.stderr)).toContain(`waiting for process ${owner.pid}, which is working`);
});

test("the lock of a process that was killed is taken over", async () => {
  const owner = holder(`process.stdout.write("held"); await new Promise(() => setInterval(() => {}, 1000));`);
  await firstOutput(owner.stdout);
  owner.kill("SIGKILL");
  await exited(owner);
  expect(existsSync(join(folder, "lock"))).toBe(true);
  expect(await withLock(join(folder, "lock"), "working", async () => "inside")).toBe("inside");
});

test("a lock from before the last start of the machine is taken over, though its pid lives again", async () => {
  const lock = join(folder, "lock");
  mkdirSync(lock);
  const processes = [{ pid: process.pid, started: "1" }];
  writeFileSync(
    join(lock, "owner.json"),
    JSON.stringify({ host: hostname(), boot: "an earlier one", processes }),
  );
  expect(await withLock(lock, "working", async () => "inside")).toBe("inside");
});

test("a lock left by a process that died before it could sign is taken over", async () => {
  const lock = join(folder, "lock");
  mkdirSync(lock);
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(lock, longAgo, longAgo);
  expect(await withLock(lock, "working", async () => "inside")).toBe("inside");
});

test("work that fails gives the lock back", async () => {
  const lock = join(folder, "lock");
  const failing = withLock(lock, "working", () => Promise.reject(new Error("no")));
  await expect(failing).rejects.toThrow("no");
  expect(existsSync(lock)).toBe(false);
});
