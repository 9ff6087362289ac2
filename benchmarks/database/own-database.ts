import { migrate } from "@onepool/server/postgres/migrate.ts";
import { openDatabase, type Database } from "@onepool/server/postgres/open-database.ts";
import pg from "pg";

/** A new, migrated database on a server, dropped again when the work is done, so that no part measures what another one left. */
export async function withOwnDatabase<T>(
  serverUrl: string,
  name: string,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  await onServer(serverUrl, `create database ${name} template template0`);
  try {
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    return await withDatabase(url.href, work);
  } finally {
    // Not `with (force)`: that may not end an autovacuum worker, which belongs to a superuser, and fails; this waits for it.
    await onServer(serverUrl, `drop database ${name}`);
  }
}

async function withDatabase<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const opened = await openDatabase({ dataFolder: "", databaseUrl: url });
  if (!opened.ok) throw new Error(opened.sentence);
  try {
    const migrated = await migrate(opened.database.pool);
    if (!migrated.ok) throw new Error(migrated.sentence);
    return await work(opened.database);
  } finally {
    await opened.database.close();
  }
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
