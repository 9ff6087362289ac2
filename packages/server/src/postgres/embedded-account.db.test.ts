import { chmod, chown, cp, lstat, mkdir, rm, stat } from "node:fs/promises";
import path from "node:path";

import pg from "pg";
import { afterAll, expect, test } from "vitest";

import { emptyDataFolder, preparedDataFolder, removeDataFolders } from "../testing/data-folder.ts";
import { startOwner } from "../testing/owner-process.ts";
import { isRunning } from "../testing/processes.ts";
import { findBinaries } from "./embedded-binaries.ts";
import { startEmbedded } from "./embedded.ts";
import { makeLibraryLinks } from "./library-links.ts";
import { chooseAccount } from "./postgres-account.ts";
import { reachableBinaries } from "./reachable-binaries.ts";
import { runProgram } from "./run-program.ts";

const isRoot = process.getuid?.() === 0;
const NOT_ROOT = "only root can run PostgreSQL as somebody else";

afterAll(removeDataFolders);

test("as root: PostgreSQL runs as somebody else, below a folder that only root may enter", async (context) => {
  if (!isRoot) context.skip(NOT_ROOT);
  const dataFolder = await emptyDataFolder();
  const parent = await stat(path.dirname(dataFolder));
  expect([parent.uid, parent.mode & 0o777]).toEqual([0, 0o700]);

  const started = await startEmbedded({ dataFolder });
  if (!started.ok) throw new Error(started.sentence);
  const cluster = await stat(path.join(dataFolder, "postgres"));
  const { uid } = await stat(`/proc/${started.embedded.postmasterPid()}`);
  expect(uid).not.toBe(0);
  expect(cluster.uid).toBe(uid);
  expect(cluster.mode & 0o777).toBe(0o700);
  expect(await ask(started.embedded.url)).toBe(1);
  await started.embedded.stop();
});

test("as root: a cluster that an ordinary user made is run as that user", async (context) => {
  if (!isRoot) context.skip(NOT_ROOT);
  const user = await unprivileged();
  const dataFolder = await emptyDataFolder();
  await openFor(user, dataFolder);
  const owner = startOwner(dataFolder, user);
  await owner.ready();
  await owner.stop();

  const started = await startEmbedded({ dataFolder });
  if (!started.ok) throw new Error(started.sentence);
  const { uid } = await stat(`/proc/${started.embedded.postmasterPid()}`);
  expect(uid).toBe(user.uid);
  await started.embedded.stop();
});

test("as an ordinary user: PostgreSQL runs as that user and goes with kill -9", async (context) => {
  if (!isRoot) context.skip(`${NOT_ROOT}; every other test here ran as an ordinary user`);
  const user = await unprivileged();
  const dataFolder = await emptyDataFolder();
  await openFor(user, dataFolder);
  const owner = startOwner(dataFolder, user);
  const { url, postmasterPid } = await owner.ready();
  expect((await stat(`/proc/${postmasterPid}`)).uid).toBe(user.uid);
  expect(await ask(url)).toBe(1);
  await owner.kill();
  const next = startOwner(dataFolder, user);
  await next.ready();
  expect(await isRunning(postmasterPid)).toBe(false);
  await next.stop();
});

test("an ordinary user on root's data folder is told whose it is", async (context) => {
  if (!isRoot) context.skip(NOT_ROOT);
  const user = await unprivileged();
  const dataFolder = await preparedDataFolder();
  await chmod(path.dirname(dataFolder), 0o755);
  await chmod(dataFolder, 0o755);
  const owner = startOwner(dataFolder, user);
  await expect(owner.ready()).rejects.toThrow(/start Onepool as the user who owns it/);
});

test("as root: programs below a folder that only root may enter are copied to where their user can run them", async (context) => {
  if (!isRoot) context.skip(NOT_ROOT);
  const folder = await emptyDataFolder();
  const { folder: installed, packageVersion } = await findBinaries();
  await cp(installed, folder, { recursive: true, verbatimSymlinks: true });
  const account = await chooseAccount(path.join(folder, "none"));

  const copies = await Promise.all(
    [1, 2, 3].map(() => reachableBinaries({ folder, packageVersion: `${packageVersion}-test` }, account)),
  );

  expect(new Set(copies).size).toBe(1);
  const [copy = ""] = copies;
  expect(copy.startsWith(folder)).toBe(false);
  // What a sweep of old files takes away comes back at the next start.
  await rm(path.join(copy, "share", "postgresql", "timezonesets"), { recursive: true });
  expect(await reachableBinaries({ folder, packageVersion: `${packageVersion}-test` }, account)).toBe(copy);
  await stat(path.join(copy, "share", "postgresql", "timezonesets", "Default"));
  await rm(copy, { recursive: true });
});

test("library links that a blocked install script did not make are made, by several starters at once", async () => {
  const folder = path.join(await emptyDataFolder(), "native");
  const { folder: installed } = await findBinaries();
  await mkdir(folder, { recursive: true });
  await cp(installed, folder, {
    recursive: true,
    filter: async (file) => file === installed || !(await isLink(file)),
  });
  const call = {
    binary: path.join(folder, "bin", "postgres"),
    args: ["--version"],
    account: null,
    workingFolder: "/",
  };
  expect((await runProgram(call)).output).toMatch(/libicu/);

  await Promise.all([1, 2, 3].map(() => makeLibraryLinks(folder)));

  expect(await runProgram(call)).toMatchObject({
    exitCode: 0,
    output: expect.stringContaining("PostgreSQL) 18"),
  });
});

async function isLink(file: string): Promise<boolean> {
  return (await lstat(file)).isSymbolicLink();
}

async function unprivileged(): Promise<{ uid: number; gid: number }> {
  const account = await chooseAccount("/nowhere");
  if (account === null) throw new Error("not root");
  return account;
}

/** Gives the folder to the user and lets him pass through its parent. */
async function openFor(user: { uid: number; gid: number }, dataFolder: string): Promise<void> {
  await mkdir(dataFolder, { mode: 0o700 });
  await chown(dataFolder, user.uid, user.gid);
  await chmod(path.dirname(dataFolder), 0o755);
}

async function ask(url: string): Promise<number | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ one: number }>("select 1 as one")).rows[0]?.one;
  } finally {
    await client.end();
  }
}
