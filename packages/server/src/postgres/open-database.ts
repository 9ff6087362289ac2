import pg from "pg";

import { attachEmbedded } from "./attach-embedded.ts";
import { checkServer } from "./check-server.ts";
import type { DatabaseLog } from "./database-log.ts";
import { SILENT_LOG } from "./database-log.ts";
import { type DatabaseRefusal, refusalOf } from "./database-refused.ts";
import { type Embedded, startEmbedded } from "./embedded.ts";
import { PARSED_TYPES } from "./parsed-types.ts";
import type { EmbeddedEvent } from "./supervisor.ts";

/** Which database, and as whom. */
export type DatabaseSettings = {
  /** The data folder; the embedded cluster lies in its `postgres`. Unused with `databaseUrl`. */
  readonly dataFolder: string;
  /** Any PostgreSQL 15 or newer. Undefined or empty: the embedded one. */
  readonly databaseUrl?: string | undefined;
  /** `server` owns the data folder; `command` uses a running server's PostgreSQL, or starts it for itself. */
  readonly role?: "server" | "command" | undefined;
  /** Connections of `pool`, 20 if not given. */
  readonly maxConnections?: number | undefined;
  readonly log?: DatabaseLog | undefined;
  readonly onEvent?: ((event: EmbeddedEvent) => void) | undefined;
};

/** Another pool on the same database. `pipeline` sends queries without waiting for the answers of earlier ones. */
export type PoolSettings = {
  readonly max?: number | undefined;
  readonly pipeline?: boolean | undefined;
  readonly applicationName?: string | undefined;
};

/** An open database. */
export type Database = {
  readonly pool: pg.Pool;
  readonly url: string;
  /** PostgreSQL's `server_version_num`, such as 180004. */
  readonly serverVersion: number;
  /** What this process runs itself; null for a URL and for the PostgreSQL of another process. */
  readonly embedded: Embedded | null;
  openPool(settings?: PoolSettings): pg.Pool;
  /** Ends all pools, then stops the embedded PostgreSQL if this process runs it. */
  close(): Promise<void>;
};

/** The one way to a database: embedded or by URL, checked and ready. */
export async function openDatabase(
  settings: DatabaseSettings,
): Promise<{ readonly ok: true; readonly database: Database } | DatabaseRefusal> {
  const reached = await reach(settings);
  if (!reached.ok) return reached;
  const { url, embedded } = reached;
  const log = settings.log ?? SILENT_LOG;
  try {
    const serverVersion = await checkServer(url, log);
    return {
      ok: true,
      database: databaseOn({
        url,
        embedded,
        serverVersion,
        log,
        maxConnections: settings.maxConnections ?? 20,
      }),
    };
  } catch (error) {
    await embedded?.stop();
    return refusalOf(error);
  }
}

async function reach(
  settings: DatabaseSettings,
): Promise<
  { readonly ok: true; readonly url: string; readonly embedded: Embedded | null } | DatabaseRefusal
> {
  if (settings.databaseUrl !== undefined && settings.databaseUrl !== "") {
    return { ok: true, url: settings.databaseUrl, embedded: null };
  }
  const started = await startEmbedded(settings);
  if (started.ok) return { ok: true, url: started.embedded.url, embedded: started.embedded };
  if (settings.role === "command" && started.code === "folder_in_use") {
    const url = await attachEmbedded(settings.dataFolder);
    if (url !== null) return { ok: true, url, embedded: null };
  }
  return started;
}

type DatabaseParts = {
  readonly url: string;
  readonly embedded: Embedded | null;
  readonly serverVersion: number;
  readonly log: DatabaseLog;
  readonly maxConnections: number;
};

function databaseOn(parts: DatabaseParts): Database {
  const pools: pg.Pool[] = [];
  let closed: Promise<void> | undefined;
  const openPool = (settings: PoolSettings = {}): pg.Pool => {
    const pool = new pg.Pool({
      connectionString: parts.url,
      max: settings.max ?? parts.maxConnections,
      application_name: settings.applicationName ?? "onepool",
      types: PARSED_TYPES,
      pipeline: settings.pipeline ?? false,
      keepAlive: true,
      // Bounds a connection attempt to a host that never answers; waiting for a free connection counts too.
      connectionTimeoutMillis: 30_000,
    } as pg.PoolConfig);
    // A connection that breaks while nobody uses it is replaced at the next use; unheard it would end the process.
    pool.on("error", (error) => {
      // A pool that ends says goodbye and does not wait for the socket: PostgreSQL may stop before it is gone.
      if (closed === undefined)
        parts.log.warn({ reason: error.message }, "an idle database connection broke");
    });
    // One that breaks while it is lent but between two queries has nobody else to tell: its holder learns at the next query.
    pool.on("connect", (client) => client.on("error", () => undefined));
    pools.push(pool);
    return pool;
  };
  const close = async (): Promise<void> => {
    await Promise.all(pools.filter((pool) => !pool.ending).map((pool) => pool.end()));
    await parts.embedded?.stop();
  };
  return {
    pool: openPool(),
    url: parts.url,
    serverVersion: parts.serverVersion,
    embedded: parts.embedded,
    openPool,
    close: () => (closed ??= close()),
  };
}
