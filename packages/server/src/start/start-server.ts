import path from "node:path";

import type { FastifyInstance } from "fastify";

import { buildApp } from "../api/build-app.ts";
import { connectionMetrics } from "../api/view/connection-metrics.ts";
import { authentication } from "../auth/authenticate.ts";
import { makeLink } from "../auth/browser-session-store.ts";
import { sealed, type SecretBox } from "../auth/secret-box.ts";
import { authorizationCallback } from "../connections/authorization-callback.ts";
import { startChannels, type Channels } from "../connections/start-channels.ts";
import { type Keepers, startKeepers } from "../connections/start-keepers.ts";
import { startHoldExpiry } from "../ledger/hold-expiry.ts";
import { openLedger, type Ledger } from "../ledger/ledger.ts";
import { LEDGER_CHANNEL } from "../ledger/notifier.ts";
import { openReader } from "../ledger/read/reader.ts";
import { LiveHub } from "../live/live-hub.ts";
import { liveMetrics } from "../live/live-metrics.ts";
import { listenToNotifications } from "../live/notification-listener.ts";
import { streamRoute } from "../live/stream-route.ts";
import { createLog, type Log } from "../log/log.ts";
import { measureLedger } from "../metrics/measure-ledger.ts";
import { createMetrics, type Metrics } from "../metrics/metrics.ts";
import { OBSERVATION_CHANNEL } from "../observe/observation-log.ts";
import { migrate } from "../postgres/migrate.ts";
import { openDatabase, type Database } from "../postgres/open-database.ts";
import { resolveSecretKey } from "../settings/secret-key.ts";
import type { Settings } from "../settings/settings.ts";
import { CHANNEL_KINDS } from "./channel-kinds.ts";
import { secretKeyProblem } from "./check-secret-key.ts";
import { Closers } from "./closers.ts";
import { dashboardFiles } from "./dashboard-files.ts";
import { ensureDefaultSeller, ensureEnvironmentKey } from "./default-seller.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { KEEPER_KINDS } from "./keeper-kinds.ts";
import { listen, localUrl } from "./listen.ts";
import { operationsRoutes } from "./operations-routes.ts";
import { readinessOf } from "./readiness.ts";
import { leaveServerAddress } from "./server-address.ts";

export interface StartOptions {
  readonly settings: Settings;
  readonly clock?: { now(): number };
  /** Told apart from the settings' own only by tests that read it. */
  readonly log?: Log;
  /** The built dashboard; not served if it is not there. */
  readonly dashboardFolder?: string;
}

/** A server that takes requests. */
export interface RunningServer {
  /** Where this machine reaches it: scheme, host and port. */
  readonly url: string;
  /** The address to open in a browser; signs in once. */
  readonly signInUrl: string;
  readonly database: Database;
  readonly ledger: Ledger;
  /** The id of the seller `default`. */
  readonly sellerId: number;
  /** Takes no more requests, finishes the accepted ones, ends streams and workers, then stops PostgreSQL. */
  stop(): Promise<void>;
}

export type Started =
  | { readonly ok: true; readonly server: RunningServer }
  /** For a person: what is wrong and how to mend it. */
  | { readonly ok: false; readonly sentence: string };

/** Where `npm run build` of the dashboard puts it. */
const DASHBOARD_FOLDER = path.join(import.meta.dirname, "../../../dashboard/dist");

/** Connections to the database at most; those of the channels come to it. Two servers fit into PostgreSQL's usual 100. */
const REQUEST_CONNECTIONS = 10;
const LEDGER_CONNECTIONS = 8;
const LIVE_CONNECTIONS = 2;

/** Requests still under way so long after the stop was asked for are cut off. Less than what the launcher allows us. */
const STOP_PATIENCE_MS = 8000;
const IDLE_CHECK_MS = 50;

/** An expected reason not to start, on its way to `startServer`. */
class StartRefused extends Error {}

/** What the parts of a server are made of. */
interface Ground {
  readonly settings: Settings;
  readonly clock: { now(): number };
  readonly log: Log;
  readonly metrics: Metrics;
  readonly closers: Closers;
  readonly dashboardFolder: string;
  readonly secretKey: string;
  readonly secretBox: SecretBox;
}

/** Starts a server: settings → database → migrations → ledger → api → live → intake → publish. */
export async function startServer(options: StartOptions): Promise<Started> {
  const { settings, clock = { now: () => Date.now() }, dashboardFolder = DASHBOARD_FOLDER } = options;
  const secret = await resolveSecretKey(settings);
  if (!secret.ok) return secret;
  const { secretKey } = secret;
  const secrets = [secretKey, settings.apiKey, passwordOf(settings.databaseUrl)];
  const log = options.log ?? createLog({ level: settings.logLevel, secrets });
  if (secret.made) log.info({ folder: settings.dataFolder }, "made a secret key for this data folder");
  const closers = new Closers(log);
  const secretBox = sealed(secretKey);
  const ground = {
    settings,
    clock,
    log,
    metrics: createMetrics(),
    closers,
    dashboardFolder,
    secretKey,
    secretBox,
  };
  try {
    return { ok: true, server: await startParts(ground) };
  } catch (error) {
    await closers.close();
    if (error instanceof StartRefused) return { ok: false, sentence: error.message };
    throw error;
  }
}

async function startParts(ground: Ground): Promise<RunningServer> {
  const { settings, clock, log, metrics, closers, secretBox } = ground;
  const { database, schemaNumber } = await openMigrated(ground);
  const ledgerPool = database.openPool({
    max: LEDGER_CONNECTIONS,
    pipeline: true,
    applicationName: "onepool ledger",
  });
  const sellerId = await ensureDefaultSeller(ledgerPool, clock);
  if (settings.apiKey !== undefined)
    await ensureEnvironmentKey(database.pool, { apiKey: settings.apiKey, sellerId, log });
  const problem = await secretKeyProblem(database.pool, secretBox);
  if (problem !== null) throw new StartRefused(problem);

  const ledger = measureLedger(openLedger({ pool: ledgerPool, clock, log }), metrics);
  closers.add("ledger", () => ledger.close());
  const expiry = startHoldExpiry({ pool: database.pool, ledger, clock, log });
  closers.add("hold expiry", () => expiry.close());
  closers.add("housekeeping", startHousekeeping({ pool: database.pool, clock, log }));
  const { oversellRisk } = settings;
  const work = { database, ledger, secretBox, clock, log, metrics, oversellRisk };
  const channels = startChannels({ ...work, kinds: CHANNEL_KINDS });
  closers.add("channels", () => channels.close());
  let url = "";
  const publicUrl = (): string => settings.publicUrl?.origin ?? url;
  const keepers = startKeepers({ ...work, kinds: KEEPER_KINDS, publicUrl });
  closers.add("keepers", () => keepers.close());
  const hub = startLive(ground, database, ledger);
  hearOthers(ground, database, { hub, channels, keepers });

  const kinds = new Map(CHANNEL_KINDS.map((kind) => [kind.capability.kind, kind]));
  const shared = { ledger, pool: database.pool, clock, log, secretBox, kinds };
  const budgetsOf = (seller: number, connection: string) =>
    channels.budgetsOf(seller, connection) ?? keepers.budgetsOf(seller, connection);
  const reading = { ...shared, reader: openReader(database.pool), publicUrl, budgetsOf };
  const app = await buildApp({
    ...shared,
    metrics,
    publicUrl,
    budgetsOf,
    keepers: { kinds: keepers.kinds, onStored: () => keepers.wake() },
    authentication: authentication({
      ...settings,
      pool: database.pool,
      clock,
      log,
      secretKey: ground.secretKey,
    }),
    plugins: [
      channels.hooks,
      keepers.hooks,
      authorizationCallback(shared),
      streamRoute({ hub, log, metrics: liveMetrics(metrics) }),
      operationsRoutes({
        metrics,
        metricsOf: (seller) => connectionMetrics(reading, seller),
        readiness: readiness(ground, { database, ledger, schemaNumber, sellerId }),
      }),
      dashboardFiles(ground.dashboardFolder),
    ],
  });
  closers.add("api", () => closeApp(app));
  const listening = await listen(app, settings.host, settings.port);
  if (!listening.ok) throw new StartRefused(listening.sentence);
  url = localUrl(settings.host, listening.port);

  closers.add("address", await leaveServerAddress(settings.dataFolder, url));
  const token = await makeLink(database.pool, { sellerId, role: "admin", now: clock.now() });
  log.info({ stage: "api", host: settings.host, port: listening.port }, "ready");
  const signInUrl = `${publicUrl()}/?link=${token}`;
  return { url, signInUrl, database, ledger, sellerId, stop: () => closers.close() };
}

async function openMigrated(ground: Ground): Promise<{ database: Database; schemaNumber: number }> {
  const { settings, log, closers } = ground;
  const { dataFolder, databaseUrl } = settings;
  const opened = await openDatabase({ dataFolder, databaseUrl, maxConnections: REQUEST_CONNECTIONS, log });
  if (!opened.ok) throw new StartRefused(opened.sentence);
  closers.add("database", () => opened.database.close());
  const migrated = await migrate(opened.database.pool, { log });
  if (!migrated.ok) throw new StartRefused(migrated.sentence);
  return { database: opened.database, schemaNumber: migrated.schemaNumber };
}

/** The hub, woken by the commits of this process. */
function startLive(ground: Ground, database: Database, ledger: Ledger): LiveHub {
  const { log, closers } = ground;
  const pool = database.openPool({ max: LIVE_CONNECTIONS, applicationName: "onepool live" });
  const hub = new LiveHub({ pool, log });
  closers.add("live", () => hub.close());
  closers.add(
    "live",
    ledger.onCommit((notice) => hub.wake(notice.sellerId)),
  );
  return hub;
}

/** Wakes who follows the logs when another process has written to them. */
function hearOthers(
  ground: Ground,
  database: Database,
  woken: { hub: LiveHub; channels: Channels; keepers: Keepers },
): void {
  const { hub, channels, keepers } = woken;
  const listener = listenToNotifications({
    url: database.url,
    channels: [LEDGER_CHANNEL, OBSERVATION_CHANNEL],
    log: ground.log,
    onNotice(channel, text) {
      hub.wake(Number(text));
      if (channel === LEDGER_CHANNEL) channels.wake(Number(text));
    },
    onListening() {
      hub.wakeAll();
      channels.wakeAll();
      keepers.wake();
    },
  });
  ground.closers.add("notifications", () => listener.close());
}

function readiness(
  ground: Ground,
  parts: { database: Database; ledger: Ledger; schemaNumber: number; sellerId: number },
) {
  const { clock, log, closers } = ground;
  const { database, ledger, schemaNumber, sellerId } = parts;
  return readinessOf({
    pool: database.pool,
    clock,
    log,
    schemaNumber,
    async askLedger() {
      // A question that goes the whole way through the writer and changes nothing.
      const commands = [{ kind: "end_reservation", reservationId: "readiness", how: "release" }] as const;
      const answer = await ledger.submit({ sellerId, commands });
      if (answer.kind !== "done") throw new Error(`the ledger answers: ${answer.kind}`);
    },
    isStopping: () => closers.isClosing(),
  });
}

/** Requests under way are finished; what takes too long is cut off, so that a stop always comes to its end. */
async function closeApp(app: FastifyInstance): Promise<void> {
  // A connection that was busy when the stop began is idle after its answer, and its client may keep it for minutes.
  const idle = setInterval(() => app.server.closeIdleConnections(), IDLE_CHECK_MS);
  const late = setTimeout(() => app.server.closeAllConnections(), STOP_PATIENCE_MS);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(late);
  }
}

function passwordOf(databaseUrl: string | undefined): string | undefined {
  if (databaseUrl === undefined || !URL.canParse(databaseUrl)) return undefined;
  return decodeURIComponent(new URL(databaseUrl).password);
}
