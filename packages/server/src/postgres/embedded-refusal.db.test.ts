import { execFile } from "node:child_process";
import { mkdir, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import pg from "pg";
import { afterAll, expect, test } from "vitest";

import { emptyDataFolder, preparedDataFolder, removeDataFolders } from "../testing/data-folder.ts";
import { startOwner } from "../testing/owner-process.ts";
import { startEmbedded } from "./embedded.ts";

const run = promisify(execFile);
const mounted: string[] = [];
const canMount = process.getuid?.() === 0 && (await tryMount());

afterAll(async () => {
  for (const folder of mounted) await run("umount", [folder]);
  await removeDataFolders();
});

test("a data folder of a newer PostgreSQL is refused and not touched", async () => {
  const dataFolder = await preparedDataFolder();
  const cluster = path.join(dataFolder, "postgres");
  await writeFile(path.join(cluster, "PG_VERSION"), "19\n");
  const before = await readdir(cluster);

  expect(await startEmbedded({ dataFolder })).toEqual({
    ok: false,
    code: "folder_newer",
    sentence: `The data folder ${dataFolder} was written by PostgreSQL 19, newer than the 18 this Onepool brings: start the newer Onepool that wrote it, or set ONEPOOL_DATA to another folder.`,
  });
  expect(await readdir(cluster)).toEqual(before);
});

test("a data folder of an older PostgreSQL is refused and the way over is named", async () => {
  const dataFolder = await preparedDataFolder();
  await writeFile(path.join(dataFolder, "postgres", "PG_VERSION"), "17\n");
  expect(await startEmbedded({ dataFolder })).toMatchObject({
    code: "folder_older",
    sentence: expect.stringContaining("onepool backup"),
  });
});

test("a folder that holds something else is never written over", async () => {
  const dataFolder = await emptyDataFolder();
  await mkdir(path.join(dataFolder, "postgres"), { recursive: true });
  await writeFile(path.join(dataFolder, "postgres", "letter.txt"), "dear diary");
  expect(await startEmbedded({ dataFolder })).toMatchObject({ code: "folder_broken" });
  expect(await readFile(path.join(dataFolder, "postgres", "letter.txt"), "utf8")).toBe("dear diary");
});

test("a damaged cluster is refused with the way to the last backup", async () => {
  const dataFolder = await preparedDataFolder();
  await rm(path.join(dataFolder, "postgres", "global", "pg_control"));
  expect(await startEmbedded({ dataFolder })).toMatchObject({
    code: "folder_broken",
    sentence: expect.stringContaining("onepool restore"),
  });
});

test("a file where the data folder should be is refused with one sentence", async () => {
  const dataFolder = await emptyDataFolder();
  await writeFile(dataFolder, "not a folder");
  expect(await startEmbedded({ dataFolder })).toMatchObject({ code: "folder_unreachable" });
});

test("a disk too full for the first start: one sentence, and nothing half is left", async (context) => {
  if (!canMount) context.skip("only root may mount the small disk this test fills");
  const disk = await smallDisk(20);
  const dataFolder = path.join(disk, "data");
  expect(await startEmbedded({ dataFolder })).toEqual({
    ok: false,
    code: "disk_full",
    sentence: `The disk that holds ${dataFolder} is full: free some space and start again; nothing that was acknowledged is lost.`,
  });
  expect((await readdir(dataFolder)).filter((name) => /^postgres($|\.new)/.test(name))).toEqual([]);
});

test("a limit on the size of files counts as a full disk", async () => {
  const dataFolder = await emptyDataFolder();
  // In blocks of 512 bytes: less than a segment of the log.
  const owner = startOwner(dataFolder, { fileSizeBlocks: 4096 });
  await expect(owner.ready()).rejects.toThrow(/^The disk that holds .* is full: free some space/);
});

test("[I3] a disk that fills up while it runs: nothing acknowledged is lost, and it goes on when there is room", async (context) => {
  if (!canMount) context.skip("only root may mount the small disk this test fills");
  const disk = await smallDisk(160);
  const dataFolder = path.join(disk, "data");
  const ballast = path.join(disk, "ballast");
  await writeFile(ballast, Buffer.alloc(48 * 1024 * 1024));
  const owner = startOwner(dataFolder);
  const { url } = await owner.ready();

  const acknowledged = await fillUntilRefused(url);
  expect(acknowledged).toBeGreaterThan(0);
  await rm(ballast);

  const found = await countWhenBack(url);
  // The row whose answer was lost may be there or not; no acknowledged one may be missing.
  expect(found - acknowledged).toBeGreaterThanOrEqual(0);
  expect(found - acknowledged).toBeLessThanOrEqual(1);
  await owner.stop();
});

test("[I3] a disk without room for the log: PostgreSQL is started again for as long as it takes", async (context) => {
  if (!canMount) context.skip("only root may mount the small disk this test fills");
  const disk = await smallDisk(160);
  const ballast = path.join(disk, "ballast");
  const owner = startOwner(path.join(disk, "data"));
  const { url } = await owner.ready();
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  await client.query("create table note as select 'kept' as what");
  await fillDisk(ballast);

  // Log and nothing but log: there is no table file whose growth could be refused more gently.
  await untilRefused(() => client.query("select pg_logical_emit_message(true, '', repeat('x', 1000000))"));
  await owner.event("crashed");
  expect(await owner.event("restart_failed")).toMatch(/The disk that holds .* is full: free some space/);
  await rm(ballast);
  await owner.event("restarted");

  await client.end().catch(() => {});
  const again = new pg.Client({ connectionString: url });
  await again.connect();
  expect((await again.query("select what from note")).rows).toEqual([{ what: "kept" }]);
  await again.end();
  await owner.stop();
});

/** Leaves not a byte. */
async function fillDisk(ballast: string): Promise<void> {
  const file = await open(ballast, "w");
  await untilRefused(() => file.writeFile(Buffer.alloc(64 * 1024)));
  await file.close();
}

/** Repeats until it fails. */
async function untilRefused(work: () => Promise<unknown>): Promise<void> {
  while (
    await work().then(
      () => true,
      () => false,
    )
  );
}

/** Answers how many rows were acknowledged before the first that was not. */
async function fillUntilRefused(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  await client.query("create table ballast (filling text not null)");
  await client.query("alter table ballast alter column filling set storage external");
  try {
    for (let acknowledged = 0; ; acknowledged++) {
      const refused = await client.query("insert into ballast values (repeat('x', 1000000))").then(
        () => false,
        () => true,
      );
      if (refused) return acknowledged;
    }
  } finally {
    await client.end().catch(() => {});
  }
}

async function countWhenBack(url: string): Promise<number> {
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => {});
    try {
      await client.connect();
      await client.query("insert into ballast values ('it goes on')");
      const { rows } = await client.query<{ count: string }>(
        "select count(*) from ballast where filling <> 'it goes on'",
      );
      return Number(rows[0]?.count);
    } catch {
      // Still down, or still full.
    } finally {
      await client.end().catch(() => {});
    }
  }
}

async function smallDisk(megabytes: number): Promise<string> {
  const folder = await emptyDataFolder();
  await mkdir(folder, { mode: 0o755 });
  await run("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=755`, "tmpfs", folder]);
  mounted.push(folder);
  return folder;
}

async function tryMount(): Promise<boolean> {
  const folder = await emptyDataFolder();
  await mkdir(folder);
  try {
    await run("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]);
    await run("umount", [folder]);
    return true;
  } catch {
    return false;
  }
}
