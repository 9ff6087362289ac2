import { expect, test } from "vitest";

import { startAncientServer } from "../testing/ancient-server.ts";
import { emptyDataFolder, removeDataFolders } from "../testing/data-folder.ts";
import { startTestCluster } from "../testing/test-cluster.ts";
import { testDatabase } from "../testing/test-database.ts";
import type { DatabaseLog } from "./database-log.ts";
import { openDatabase } from "./open-database.ts";

const database = await testDatabase();

test("int8 arrives as a number and never rounded", async () => {
  const { rows } = await database.pool.query<{ units: number }>("select 9007199254740991::int8 as units");
  expect(rows).toEqual([{ units: 9007199254740991 }]);
  await expect(database.pool.query("select 9007199254740992::int8 as units")).rejects.toThrow(RangeError);
});

test("a pool may send its queries without waiting for the answers of earlier ones", async () => {
  const pool = database.openPool({ max: 1, pipeline: true });
  const client = await pool.connect();
  const answers = await Promise.all(
    [1, 2, 3].map((n) => client.query<{ n: number }>("select $1::int8 as n", [n])),
  );
  client.release();
  expect(answers.map(({ rows }) => rows[0]?.n)).toEqual([1, 2, 3]);
});

test.for([
  ["mysql://localhost/x", "url_invalid", "DATABASE_URL is not a PostgreSQL address"],
  ["postgresql://[", "url_invalid", "DATABASE_URL is not a PostgreSQL address"],
  [
    "postgresql://me:secret@127.0.0.1:1/x",
    "url_unreachable",
    "127.0.0.1:1/x cannot be reached (ECONNREFUSED)",
  ],
  [
    "postgresql://me:secret@localhost/x?host=/no/such/folder",
    "url_unreachable",
    "cannot be reached (ENOENT)",
  ],
] as const)(
  "an address that leads nowhere is refused with its mend, not its password: %s",
  async ([databaseUrl, code, words]) => {
    const opened = await openDatabase({ dataFolder: "", databaseUrl });
    expect(opened).toMatchObject({ ok: false, code, sentence: expect.stringContaining(words) });
    expect(JSON.stringify(opened)).not.toContain("secret");
  },
);

test("a database that does not exist is named", async () => {
  const databaseUrl = database.url.replace(database.name, "no_such_database");
  expect(await openDatabase({ dataFolder: "", databaseUrl })).toMatchObject({
    code: "url_unreachable",
    sentence: expect.stringContaining(
      "no_such_database does not exist: create it, or correct the name in DATABASE_URL",
    ),
  });
});

test("a server older than 15 is refused with its version", async () => {
  const ancient = await startAncientServer({
    version: "140012",
    version_text: "14.12",
    encoding: "UTF8",
    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",
  });
  const opened = await openDatabase({ dataFolder: "", databaseUrl: ancient.url });
  await ancient.stop();
  expect(opened).toMatchObject({
    code: "version_too_old",
    sentence: expect.stringMatching(
      /^The database at 127\.0\.0\.1:\d+\/old is PostgreSQL 14\.12, Onepool needs 15 or newer: upgrade it, or leave DATABASE_URL empty to use the embedded one\.$/,
    ),
  });
});

test("a database in another encoding than UTF8 is refused with the way to make one", async () => {
  const name = `${database.name}_ascii`;
  await database.pool.query(
    `create database ${name} encoding 'SQL_ASCII' locale_provider libc locale 'C' template template0`,
  );
  const opened = await openDatabase({
    dataFolder: "",
    databaseUrl: database.url.replace(database.name, name),
  });
  await database.pool.query(`drop database ${name}`);
  expect(opened).toMatchObject({
    code: "encoding_wrong",
    sentence: expect.stringContaining("encoding 'UTF8'"),
  });
});

test("a server that may forget what it acknowledged is used with a warning", async () => {
  const cluster = await startTestCluster({ fsync: "off", synchronous_commit: "on", full_page_writes: "on" });
  const warnings: string[] = [];
  const log: DatabaseLog = { info() {}, error() {}, warn: (_, message) => warnings.push(message) };
  const opened = await openDatabase({ dataFolder: "", databaseUrl: cluster.url, log });
  if (!opened.ok) throw new Error(opened.sentence);
  await opened.database.close();
  await cluster.stop();
  expect(warnings).toEqual([
    "the database runs with fsync=off: acknowledged events can be lost in a power failure",
  ]);
});

test("a command on a data folder that nobody uses leaves nothing running and the folder free", async () => {
  const dataFolder = await emptyDataFolder();
  for (let round = 0; round < 2; round++) {
    const opened = await openDatabase({ dataFolder, role: "command" });
    if (!opened.ok) throw new Error(opened.sentence);
    await opened.database.close();
    expect(opened.database.embedded?.postmasterPid()).toBeNull();
  }
  await removeDataFolders();
});
