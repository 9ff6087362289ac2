import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";

import pg from "pg";
import { afterAll, afterEach, expect, test } from "vitest";

import { emptyDataFolder, preparedDataFolder, removeDataFolders } from "../testing/data-folder.ts";
import { startOwner } from "../testing/owner-process.ts";
import { isRunning } from "../testing/processes.ts";
import { waitUntil } from "../testing/wait-until.ts";
import { type Embedded, startEmbedded } from "./embedded.ts";
import { openDatabase } from "./open-database.ts";

const running: Embedded[] = [];

afterEach(async () => {
  for (const embedded of running.splice(0)) await embedded.stop();
});
afterAll(removeDataFolders);

test("the first start makes the cluster, later ones find everything again", async () => {
  const dataFolder = await emptyDataFolder();
  const first = await start(dataFolder);
  await ask(first.url, "create table note as select 'kept' as what");
  await first.stop();

  const second = await start(dataFolder);
  expect(await ask(second.url, "select what from note")).toEqual([{ what: "kept" }]);
  expect(second.url).toBe(first.url);
  expect(second.foundRunning).toBe(false);
});

test("nothing acknowledged may be lost: the durability switches are on, no port is open", async () => {
  const { url } = await start(await preparedDataFolder());
  const [settings] = await ask(
    url,
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
       current_setting('full_page_writes') as pages, current_setting('listen_addresses') as addresses,
       current_setting('server_encoding') as encoding, current_setting('data_checksums') as checksums`,
  );
  expect(settings).toEqual({
    fsync: "on",
    commit: "on",
    pages: "on",
    addresses: "",
    encoding: "UTF8",
    checksums: "on",
  });
});

test("only the password in the data folder opens it, and the server is no superuser", async () => {
  const dataFolder = await preparedDataFolder();
  const { url } = await start(dataFolder);
  const { mode } = await stat(path.join(dataFolder, "postgres.password"));
  expect(mode & 0o777).toBe(0o600);
  expect(await ask(url, "select rolsuper from pg_roles where rolname = current_user")).toEqual([
    { rolsuper: false },
  ]);

  const password = new URL(url).password;
  await expect(ask(url.replace(password, "wrong"), "select 1")).rejects.toThrow(
    /password authentication failed/,
  );
  await expect(ask(url.replace("onepool:", "postgres:"), "select 1")).rejects.toThrow(
    /password authentication failed/,
  );
});

test("a lost password file is replaced", async () => {
  const dataFolder = await preparedDataFolder();
  await rm(path.join(dataFolder, "postgres.password"));
  const { url } = await start(dataFolder);
  expect(await ask(url, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("a path too long for a socket address works as well", async () => {
  const dataFolder = path.join(await emptyDataFolder(), "a".repeat(90), "b".repeat(90));
  const { url } = await start(dataFolder);
  expect(await ask(url, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("a second server on the folder is refused with one sentence and disturbs nobody", async () => {
  const dataFolder = await preparedDataFolder();
  const owner = startOwner(dataFolder);
  const { url, postmasterPid } = await owner.ready();

  const second = await startEmbedded({ dataFolder });

  expect(second).toEqual({
    ok: false,
    code: "folder_in_use",
    sentence: `Another Onepool server (process ${owner.pid}) uses the data folder ${dataFolder}: stop it first, or set ONEPOOL_DATA to a folder of this server's own.`,
  });
  expect(await isRunning(postmasterPid)).toBe(true);
  expect(await ask(url, "select 1 as one")).toEqual([{ one: 1 }]);
  await owner.stop();
});

test("of many servers started at once on a new folder exactly one gets it", async () => {
  const dataFolder = await emptyDataFolder();
  const owners = Array.from({ length: 5 }, () => startOwner(dataFolder));
  const outcomes = await Promise.allSettled(owners.map((owner) => owner.ready()));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await Promise.all(owners.map((owner) => owner.stop()));
});

test("a command uses the PostgreSQL of the running server and leaves it running", async () => {
  const dataFolder = await preparedDataFolder();
  const owner = startOwner(dataFolder);
  const { url, postmasterPid } = await owner.ready();

  const opened = await openDatabase({ dataFolder, role: "command" });
  if (!opened.ok) throw new Error(opened.sentence);
  expect(opened.database.url).toBe(url);
  expect(opened.database.embedded).toBeNull();
  await opened.database.close();

  expect(await isRunning(postmasterPid)).toBe(true);
  await owner.stop();
});

test("a command without a running server starts PostgreSQL for itself", async () => {
  const opened = await openDatabase({ dataFolder: await preparedDataFolder(), role: "command" });
  if (!opened.ok) throw new Error(opened.sentence);
  const pid = opened.database.embedded?.postmasterPid() ?? 0;
  expect(await isRunning(pid)).toBe(true);
  await opened.database.close();
  expect(await isRunning(pid)).toBe(false);
});

test("a first start that is killed half-way leaves nothing the next one stumbles over", async () => {
  const dataFolder = await emptyDataFolder();
  const owner = startOwner(dataFolder);
  await waitUntil(async () => (await unfinishedIn(dataFolder)).length > 0);
  const [halfMade = ""] = await unfinishedIn(dataFolder);
  await waitUntil(() => exists(path.join(dataFolder, halfMade, "PG_VERSION")));
  await owner.kill();

  const { url } = await start(dataFolder);
  expect(await ask(url, "select 1 as one")).toEqual([{ one: 1 }]);
  expect(await unfinishedIn(dataFolder)).toEqual([]);
});

test("a stale postmaster.pid whose number another program has by now does not keep it from starting", async () => {
  const dataFolder = await preparedDataFolder();
  const pidFile = path.join(dataFolder, "postgres", "postmaster.pid");
  await writeFile(
    pidFile,
    `${process.pid}\n${path.join(dataFolder, "postgres")}\n1700000000\n5432\n.\n\n  1234  99\nready   \n`,
  );
  const embedded = await start(dataFolder);
  expect(await readFile(pidFile, "utf8")).toMatch(new RegExp(`^${embedded.postmasterPid()}\n`));
  expect(await isRunning(process.pid)).toBe(true);
});

async function unfinishedIn(dataFolder: string): Promise<readonly string[]> {
  return (await readdir(dataFolder).catch(() => [])).filter((name) => name.startsWith("postgres.new-"));
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function start(dataFolder: string): Promise<Embedded> {
  const started = await startEmbedded({ dataFolder });
  if (!started.ok) throw new Error(started.sentence);
  running.push(started.embedded);
  return started.embedded;
}

async function ask(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
