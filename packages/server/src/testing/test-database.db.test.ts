import { type ChildProcess, spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";

import pg from "pg";
import { expect, test } from "vitest";

import { createTestDatabase } from "./create-test-database.ts";
import { lentClients } from "./lent-clients.ts";
import { processesNaming } from "./processes.ts";
import { startTestCluster } from "./test-cluster.ts";
import { waitUntil } from "./wait-until.ts";

test("two test databases have the whole schema and nothing of each other", async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await one.database.pool.query("insert into seller (code, name) values ('acme', 'Acme')");
  expect((await other.database.pool.query("select from seller")).rowCount).toBe(0);
  expect([await one.drop(), await other.drop()]).toEqual([[], []]);
  await expect(connect(one.url)).rejects.toThrow(/does not exist/);
});

test("a connection that nobody closed is named when the database is dropped", async () => {
  const created = await createTestDatabase();
  const client = await connect(created.url);
  const ended = new Promise((resolve) => client.once("error", resolve));
  await client.query("select 'forgotten'");
  expect(await created.drop()).toEqual([expect.stringContaining("select 'forgotten'")]);
  await ended;
});

test("a client that is not given back is counted until it is", async () => {
  const created = await createTestDatabase();
  const { pool } = created.database;
  const client = await pool.connect();
  expect(lentClients([pool])).toBe(1);
  client.release();
  expect(lentClients([pool])).toBe(0);
  await created.drop();
});

test("several processes at once build the template once", async () => {
  const cluster = await startTestCluster();
  const users = await Promise.all(Array.from({ length: 4 }, () => startUser({ DATABASE_URL: cluster.url })));
  const client = await connect(cluster.url);
  const { rows } = await client.query<{ datname: string }>(
    "select datname from pg_database where datname like 'onepool_t%'",
  );
  const names = rows.map(({ datname }) => datname);
  expect(names.filter((name) => name.startsWith("onepool_template_"))).toHaveLength(1);
  expect(names.filter((name) => name.startsWith("onepool_test_"))).toHaveLength(4);
  await Promise.all(users.map((user) => user.stop()));
  expect((await client.query("select from pg_database where datname like 'onepool_test_%'")).rowCount).toBe(
    0,
  );
  await client.end();
  await cluster.stop();
});

test("a run that is killed leaves no process, and the next one removes its files", async () => {
  const user = await startUser({ DATABASE_URL: "", ONEPOOL_TEST_CLUSTER: undefined });
  const folder = path.dirname(new URL(user.url).searchParams.get("host") ?? "");
  const [guard] = await processesNaming("guard.sh", folder);
  const owner = /guard\.sh (\w+)/.exec(guard?.command ?? "")?.[1] ?? "";
  expect((await processesNaming(owner)).length).toBeGreaterThanOrEqual(2);

  user.process.kill("SIGKILL");
  await waitUntil(async () => (await processesNaming(owner)).length === 0);

  const next = await startTestCluster();
  await expect(stat(folder)).rejects.toThrow(/ENOENT/);
  await next.stop();
});

type User = { readonly process: ChildProcess; readonly url: string; stop(): Promise<void> };

async function startUser(environment: NodeJS.ProcessEnv): Promise<User> {
  const child = spawn(process.execPath, [fileURLToPath(new URL("./database-user.ts", import.meta.url))], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...environment },
  });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line) as { url: string };
    return {
      process: child,
      url,
      stop() {
        child.stdin.end();
        return gone;
      },
    };
  }
  throw new Error("the user of the test database ended without saying its address");
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  return client;
}
