import { rm } from "node:fs/promises";

import pg from "pg";
import { afterAll, expect, test } from "vitest";

import { preparedDataFolder, removeDataFolders } from "../testing/data-folder.ts";
import { type OwnerProcess, startOwner } from "../testing/owner-process.ts";
import { isRunning, processesNaming } from "../testing/processes.ts";
import { waitUntil } from "../testing/wait-until.ts";
import { isConnectionLost } from "./sqlstate.ts";

afterAll(removeDataFolders);

test("[I3] kill -9 of the server: the guard stops PostgreSQL, nothing committed is lost", async () => {
  const dataFolder = await preparedDataFolder();
  const owner = startOwner(dataFolder);
  const { url, postmasterPid, guardPid } = await owner.ready();
  await remember(url, "before the kill");

  await owner.kill();
  await waitUntil(async () => !(await isRunning(postmasterPid)) && !(await isRunning(guardPid)));

  await expectRemembered(dataFolder, ["before the kill"]);
});

test("[I3] kill -9 of PostgreSQL: the server starts it again at the same address", async () => {
  const dataFolder = await preparedDataFolder();
  const owner = startOwner(dataFolder);
  const { url, postmasterPid } = await owner.ready();
  const pool = new pg.Pool({ connectionString: url });
  pool.on("error", () => {});
  await remember(url, "before the kill");

  process.kill(postmasterPid, "SIGKILL");
  await owner.event("crashed");
  await owner.event("restarted");

  await pool.query("insert into note values ('after the kill')");
  await pool.end();
  await owner.stop();
  await expectRemembered(dataFolder, ["before the kill", "after the kill"]);
});

test("[I3] kill -9 of PostgreSQL under a computing backend: the one left behind does not keep it from starting", async () => {
  const dataFolder = await preparedDataFolder();
  const owner = startOwner(dataFolder);
  const { url, postmasterPid } = await owner.ready();
  await remember(url, "before the kill");
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  const backendPid = rows[0]?.pid ?? 0;
  const lost = client.query("select count(*) from generate_series(1, 1e12::bigint)").then(
    () => "answered",
    (error: unknown) => isConnectionLost(error),
  );
  await untilComputing(url, backendPid);

  process.kill(postmasterPid, "SIGKILL");
  await owner.event("restarted");

  expect(await lost).toBe(true);
  expect(await isRunning(backendPid)).toBe(false);
  await client.end().catch(() => {});
  await owner.stop();
  await expectRemembered(dataFolder, ["before the kill"]);
});

test("[I3] kill -9 of one backend: PostgreSQL resets itself and the pool reconnects", async () => {
  const dataFolder = await preparedDataFolder();
  const owner = startOwner(dataFolder);
  const { url, postmasterPid } = await owner.ready();
  await remember(url, "before the kill");
  const pool = new pg.Pool({ connectionString: url });
  pool.on("error", () => {});
  const { rows } = await pool.query<{ pid: number }>("select pg_backend_pid() as pid");

  process.kill(rows[0]?.pid ?? 0, "SIGKILL");
  await waitUntil(
    async () => (await pool.query("insert into note values ('after')").catch(() => undefined)) !== undefined,
  );

  expect(await isRunning(postmasterPid)).toBe(true);
  await pool.end();
  await owner.stop();
  await expectRemembered(dataFolder, ["before the kill", "after"]);
});

test("kill -9 of the guard: another one takes its place and still guards", async () => {
  const dataFolder = await preparedDataFolder();
  const owner = startOwner(dataFolder);
  const { postmasterPid, guardPid } = await owner.ready();

  process.kill(guardPid, "SIGKILL");
  await waitUntil(async () =>
    (await processesNaming("guard.sh", dataFolder)).some(({ pid }) => pid !== guardPid),
  );
  expect(await isRunning(postmasterPid)).toBe(true);

  await owner.kill();
  await waitUntil(async () => !(await isRunning(postmasterPid)));
});

test("kill -9 of the server after its data folder was removed: PostgreSQL still goes", async () => {
  const dataFolder = await preparedDataFolder();
  const owner = startOwner(dataFolder);
  const { postmasterPid } = await owner.ready();
  await rm(dataFolder, { recursive: true });
  await owner.kill();
  await waitUntil(async () => !(await isRunning(postmasterPid)));
});

test("[I3] kill -9 of guard and server: the next start stops what still runs and loses nothing", async () => {
  const dataFolder = await preparedDataFolder();
  const owner = startOwner(dataFolder);
  const { url, postmasterPid } = await owner.ready();
  await killWithGuard(owner);
  expect(await isRunning(postmasterPid)).toBe(true);
  await remember(url, "while nobody owned it");

  const next = startOwner(dataFolder);
  const ready = await next.ready();

  expect(ready.foundRunning).toBe(true);
  expect(await isRunning(postmasterPid)).toBe(false);
  expect(ready.postmasterPid).not.toBe(postmasterPid);
  await next.stop();
  await expectRemembered(dataFolder, ["while nobody owned it"]);
});

test("[I3] kill -9 of server, guard and PostgreSQL at once: the next start recovers", async () => {
  const dataFolder = await preparedDataFolder();
  const owner = startOwner(dataFolder);
  const { url, postmasterPid } = await owner.ready();
  await remember(url, "before the kill");
  await killWithGuard(owner);
  process.kill(postmasterPid, "SIGKILL");

  await expectRemembered(dataFolder, ["before the kill"]);
});

test("a server started right after kill -9 of the last one keeps its PostgreSQL: the old guard leaves it alone", async () => {
  const dataFolder = await preparedDataFolder();
  let owner = startOwner(dataFolder);
  let { guardPid } = await owner.ready();
  for (let round = 0; round < 3; round++) {
    await owner.kill();
    owner = startOwner(dataFolder);
    const ready = await owner.ready();
    await waitUntil(async () => !(await isRunning(guardPid)));
    expect(await isRunning(ready.postmasterPid)).toBe(true);
    guardPid = ready.guardPid;
  }
  await owner.stop();
});

test("stopping in order leaves neither PostgreSQL nor guard", async () => {
  const owner = startOwner(await preparedDataFolder());
  const { postmasterPid, guardPid } = await owner.ready();

  await owner.stop();

  expect(await isRunning(postmasterPid)).toBe(false);
  expect(await isRunning(guardPid)).toBe(false);
});

async function remember(url: string, what: string): Promise<void> {
  await onDatabase(url, async (client) => {
    await client.query("create table if not exists note (what text not null)");
    await client.query("insert into note values ($1)", [what]);
  });
}

async function expectRemembered(dataFolder: string, expected: readonly string[]): Promise<void> {
  const owner = startOwner(dataFolder);
  const { url } = await owner.ready();
  const { rows } = await onDatabase(url, (client) => client.query<{ what: string }>("select what from note"));
  await owner.stop();
  expect(rows.map(({ what }) => what)).toEqual(expected);
}

async function onDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function untilComputing(url: string, backendPid: number): Promise<void> {
  await onDatabase(url, (client) =>
    waitUntil(async () => {
      const { rowCount } = await client.query(
        "select from pg_stat_activity where pid = $1 and state = 'active'",
        [backendPid],
      );
      return rowCount === 1;
    }),
  );
}

async function killWithGuard(owner: OwnerProcess): Promise<void> {
  process.kill((await owner.ready()).guardPid, "SIGKILL");
  await owner.kill();
}
