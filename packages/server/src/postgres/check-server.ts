import pg from "pg";

import type { DatabaseLog } from "./database-log.ts";
import { DatabaseRefused } from "./database-refused.ts";
import { codeOf, isSqlState, SQLSTATE } from "./sqlstate.ts";

/** The oldest PostgreSQL we work on, as `server_version_num`. */
const OLDEST_SERVER_VERSION = 150_000;

/** How long the server may take to answer the first connection, in milliseconds. */
const CONNECT_PATIENCE_MS = 15_000;

/** Connects once and answers the server's version number. Throws `DatabaseRefused` with the mend. */
export async function checkServer(url: string, log: DatabaseLog): Promise<number> {
  const client = clientFor(url);
  try {
    await client.connect();
    const { rows } = await client.query<ServerFacts>(READ_SERVER_FACTS);
    const [facts] = rows;
    if (facts === undefined) throw new Error("the server described nothing");
    refuseUnfit(facts, url);
    warnOfLoss(facts, log);
    return facts.version;
  } catch (error) {
    throw explainConnection(error, url);
  } finally {
    await client.end().catch(() => {});
  }
}

type ServerFacts = {
  readonly version: number;
  readonly version_text: string;
  readonly encoding: string;
  readonly fsync: string;
  readonly synchronous_commit: string;
  readonly full_page_writes: string;
};

const READ_SERVER_FACTS = `
  select current_setting('server_version_num')::int as version, current_setting('server_version') as version_text,
    current_setting('server_encoding') as encoding, current_setting('fsync') as fsync,
    current_setting('synchronous_commit') as synchronous_commit, current_setting('full_page_writes') as full_page_writes`;

function clientFor(url: string): pg.Client {
  try {
    if (!/^postgres(ql)?:\/\//.test(url)) throw new Error("no postgresql:// address");
    return new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_PATIENCE_MS,
      application_name: "onepool",
    });
  } catch (error) {
    throw new DatabaseRefused(
      "url_invalid",
      "DATABASE_URL is not a PostgreSQL address: write it as postgresql://user:password@host:5432/database.",
      error,
    );
  }
}

function refuseUnfit(facts: ServerFacts, url: string): void {
  if (facts.version < OLDEST_SERVER_VERSION) {
    throw new DatabaseRefused(
      "version_too_old",
      `The database at ${placeOf(url)} is PostgreSQL ${facts.version_text}, Onepool needs 15 or newer: upgrade it, or leave DATABASE_URL empty to use the embedded one.`,
    );
  }
  if (facts.encoding !== "UTF8") {
    throw new DatabaseRefused(
      "encoding_wrong",
      `The database at ${placeOf(url)} is encoded in ${facts.encoding}, Onepool needs UTF8: create it with "create database … encoding 'UTF8' template template0".`,
    );
  }
}

/** The owner of that server may have his reasons, but should know. */
function warnOfLoss(facts: ServerFacts, log: DatabaseLog): void {
  for (const setting of ["fsync", "synchronous_commit", "full_page_writes"] as const) {
    if (facts[setting] === "off") {
      log.warn(
        { setting },
        `the database runs with ${setting}=off: acknowledged events can be lost in a power failure`,
      );
    }
  }
}

function explainConnection(error: unknown, url: string): unknown {
  if (error instanceof DatabaseRefused) return error;
  const refused = (reason: string): DatabaseRefused =>
    new DatabaseRefused("url_unreachable", `The database at ${placeOf(url)} ${reason}.`, error);
  if (isSqlState(error, SQLSTATE.passwordWrong, SQLSTATE.roleRefused))
    return refused("refuses user or password: check DATABASE_URL");
  if (isSqlState(error, SQLSTATE.databaseMissing))
    return refused("does not exist: create it, or correct the name in DATABASE_URL");
  if (isSqlState(error, SQLSTATE.tooManyConnections))
    return refused("has no connection left: raise its max_connections or close others");
  const reason = codeOf(error) ?? (error instanceof Error ? error.message : String(error));
  return refused(`cannot be reached (${reason}): start it, or correct DATABASE_URL`);
}

/** Host and database without user and password, fit for a sentence. */
function placeOf(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(
    url.replace(/^postgres(ql)?:\/\/([^@/]*@)?\//, "postgresql://localhost/"),
  );
  const host = searchParams.get("host") ?? decodeURIComponent(hostname);
  return `${host}${port === "" ? "" : `:${port}`}${pathname}`;
}
