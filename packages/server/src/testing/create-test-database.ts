import { createHash, randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";

import pg from "pg";

import { migrate } from "../postgres/migrate.ts";
import { readMigrations } from "../postgres/migration-files.ts";
import { type Database, openDatabase } from "../postgres/open-database.ts";
import { askForSharedCluster } from "./shared-cluster.ts";
import { startTestCluster } from "./test-cluster.ts";

/** An own, migrated, empty database. */
export type CreatedDatabase = {
  readonly name: string;
  readonly url: string;
  readonly database: Database;
  /** Ends our pools and drops it. Answers who else was still connected, which is a leak of the test. */
  drop(): Promise<readonly string[]>;
};

/** Databases of runs that were killed are dropped when they are older than this, in milliseconds. */
const LEFT_OVER_AGE_MS = 60 * 60 * 1000;

/** How long a connection that was just closed may still be listed by the server, in milliseconds. */
const CLOSING_PATIENCE_MS = 3_000;

let adminUrl: Promise<string> | undefined;
let template: Promise<string> | undefined;

/** Clones the migrated template. `empty` gives one without any migration. */
export async function createTestDatabase(
  options: { readonly empty?: boolean } = {},
): Promise<CreatedDatabase> {
  adminUrl ??= findAdminUrl();
  const admin = await adminUrl;
  const name = `onepool_test_${Date.now()}_${randomBytes(4).toString("hex")}`;
  if (options.empty === true)
    await onServer(admin, (client) => client.query(`create database ${name} template template0`));
  else {
    template ??= buildTemplate(admin);
    const source = await template;
    await onServer(admin, (client) => client.query(`create database ${name} template ${source}`));
  }
  const url = urlOfDatabase(admin, name);
  const opened = await openDatabase({ dataFolder: "", databaseUrl: url });
  if (!opened.ok) throw new Error(opened.sentence);
  const { database } = opened;
  return { name, url, database, drop: () => drop(admin, name, database) };
}

async function findAdminUrl(): Promise<string> {
  const given = process.env["DATABASE_URL"] ?? "";
  const url = given !== "" ? given : ((await askForSharedCluster()) ?? (await startTestCluster()).url);
  if (given !== "") await onServer(url, dropLeftOver);
  return url;
}

/**
 * Builds the template under a name of its own and renames it when it is whole: whoever finds the name finds all of it. One worker builds, the
 * others wait at the lock. On a server that stays, the next run finds it again by the migrations' hash.
 */
async function buildTemplate(admin: string): Promise<string> {
  const migrations = await readMigrations();
  const hash = createHash("sha256")
    .update(migrations.map(({ sha256 }) => sha256).join())
    .digest("hex")
    .slice(0, 16);
  const name = `onepool_template_${hash}`;
  await onServer(admin, async (client) => {
    await client.query("select pg_advisory_lock(hashtext('onepool test template'))");
    const { rowCount } = await client.query("select from pg_database where datname = $1", [name]);
    if (rowCount !== 0) return;
    const unfinished = `${name}_unfinished`;
    await client.query(`drop database if exists ${unfinished} with (force)`);
    await client.query(`create database ${unfinished} template template0`);
    await migrateTemplate(urlOfDatabase(admin, unfinished));
    // Nobody may enter a template: a clone is refused while somebody is in.
    await client.query(`alter database ${unfinished} allow_connections false`);
    await client.query(`alter database ${unfinished} rename to ${name}`);
  });
  return name;
}

async function migrateTemplate(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  try {
    const migrated = await migrate(pool);
    if (!migrated.ok) throw new Error(migrated.sentence);
  } finally {
    await pool.end();
  }
}

async function drop(admin: string, name: string, database: Database): Promise<readonly string[]> {
  await database.close();
  return onServer(admin, async (client) => {
    const patientUntil = performance.now() + CLOSING_PATIENCE_MS;
    let left = await connectionsTo(client, name);
    while (left.length > 0 && performance.now() < patientUntil) {
      await delay(10);
      left = await connectionsTo(client, name);
    }
    // Without force PostgreSQL ends its own vacuuming by itself; with it we would have to be allowed to, and are not.
    const force = left.length === 0 ? "" : " with (force)";
    await client.query(`drop database if exists ${name}${force}`);
    return left;
  });
}

async function connectionsTo(client: pg.Client, name: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ who: string }>(
    `select format('%s (%s) after: %s', application_name, state, left(query, 120)) as who
     from pg_stat_activity where datname = $1 and backend_type = 'client backend'`,
    [name],
  );
  return rows.map(({ who }) => who);
}

async function dropLeftOver(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    "select datname from pg_database where datname ~ '^onepool_test_[0-9]+_[0-9a-f]+$'",
  );
  for (const { datname } of rows) {
    const madeAt = Number(datname.split("_")[2]);
    if (Date.now() - madeAt > LEFT_OVER_AGE_MS)
      await client.query(`drop database if exists ${datname} with (force)`);
  }
}

async function onServer<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: "onepool test databases" });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOfDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}
