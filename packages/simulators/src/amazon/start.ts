import Fastify, { type FastifyInstance } from "fastify";

import { answerMistakes } from "../control/control-answer.ts";
import { createKeyedRandom } from "../keyed-random.ts";
import { createSimulatorClock, type SimulatorClock } from "../simulator-clock.ts";
import { QueueService } from "../sqs/queue-service.ts";
import type { AccessKey } from "../sqs/signature.ts";
import { registerQueueRoutes } from "../sqs/sqs-routes.ts";
import { Truth } from "../truth/truth.ts";
import { type AccountSetup, type AppSetup, exampleAccounts } from "./account-setup.ts";
import { applySetup } from "./apply-setup.ts";
import { createGrants } from "./auth/grants.ts";
import { registerTokenRoutes } from "./auth/token-routes.ts";
import { type Addresses, registerAccountControl } from "./control/account-control.ts";
import { registerOrderControl } from "./control/order-control.ts";
import { registerSettingsControl } from "./control/settings-control.ts";
import { describeTruth, registerTruthControl } from "./control/truth-control.ts";
import { type AccountCredentials, type AppCredentials, describeAccounts } from "./describe-accounts.ts";
import { createAmazonFaults, type FaultSetup } from "./faults.ts";
import { registerSummaryRoutes } from "./fba/summary-routes.ts";
import { createIdentifiers } from "./identifiers.ts";
import { registerListingRoutes } from "./listings/listing-routes.ts";
import { ListingStore } from "./listings/listing-store.ts";
import { registerDestinationRoutes } from "./notifications/destination-routes.ts";
import { describeQueues, registerNotificationControl } from "./notifications/notification-control.ts";
import { Notifier } from "./notifications/notifier.ts";
import { registerSubscriptionRoutes } from "./notifications/subscription-routes.ts";
import { OrderBook } from "./orders/order-book.ts";
import { registerOrderRoutes } from "./orders/order-routes.ts";
import { registerParticipationRoutes } from "./sellers/participation-routes.ts";
import { defaultSettings, mergeSettings, type SettingsChange } from "./settings.ts";
import { parseQuery } from "./vendor/query.ts";
import { answerUnknownPaths, guardVendorRoutes } from "./vendor/vendor-api.ts";
import type { World } from "./world.ts";

export interface AmazonOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  host?: string;
  seed?: number;
  /** A clock to share; without it the simulator makes its own and closes it. */
  clock?: SimulatorClock;
  /** Real time, for the visibility of queue messages and long polls; a test may hold it still. */
  wallClock?: SimulatorClock;
  /** A truth to share with other simulators that sell the same units. */
  truth?: Truth;
  /** The AWS account that owns the queues; made up from the seed when absent. */
  aws?: { accountId?: string; region?: string; accessKeys?: AccessKey[] };
  /** Where notifications are posted besides the queue. */
  callbackUrl?: string | null;
  apps?: AppSetup[];
  /** Two example sellers when absent. */
  accounts?: AccountSetup[];
  faults?: FaultSetup;
  settings?: SettingsChange;
}

/** A running marketplace. */
export interface AmazonSimulator extends Addresses {
  seed: number;
  apps: AppCredentials[];
  /** As they were at the start; `GET /_sim/accounts` has the tokens of now. */
  accounts: AccountCredentials[];
  clock: SimulatorClock;
  /** The same as `GET /_sim/truth`. */
  truth(): ReturnType<typeof describeTruth>;
  close(): Promise<void>;
}

interface Clocks {
  clock: SimulatorClock;
  wallClock: SimulatorClock;
}

function createWorld(options: AmazonOptions, { clock, wallClock }: Clocks): World {
  const random = createKeyedRandom(options.seed ?? 1);
  const faults = createAmazonFaults(random, options.faults);
  const world: Omit<World, "grants" | "news"> = {
    clock,
    random,
    faults,
    queues: new QueueService({
      ...options.aws,
      clock,
      wallClock,
      random,
      faults: () => faults.current().queue,
    }),
    truth: options.truth ?? new Truth(clock),
    settings: mergeSettings(defaultSettings(), options.settings ?? {}),
    ids: createIdentifiers(random),
    apps: new Map(),
    sellers: new Map(),
    listings: new ListingStore(),
    orders: new OrderBook(clock.now),
  };
  // Settings are replaced while it runs: whoever needs one reads it through the world.
  return Object.assign(world, {
    grants: createGrants({ random, now: clock.now, accessTtlMs: () => world.settings.accessTokenTtlMs }),
    news: new Notifier({ ...world, settings: () => world.settings }),
  });
}

function createServer(world: World, addresses: () => Addresses): FastifyInstance {
  const server = Fastify({
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    // A SKU of 40 characters, each percent-encoded in four bytes.
    routerOptions: { querystringParser: parseQuery, maxParamLength: 500 },
  });
  answerUnknownPaths(server);
  void server.register(async (vendor) => {
    guardVendorRoutes(vendor, world);
    registerTokenRoutes(vendor, world);
    registerOrderRoutes(vendor, world);
    registerListingRoutes(vendor, world);
    registerSummaryRoutes(vendor, world);
    registerParticipationRoutes(vendor);
    registerDestinationRoutes(vendor, world.news);
    registerSubscriptionRoutes(vendor, world.news);
  });
  void server.register(async (aws) => registerQueueRoutes(aws, world.queues));
  void server.register(
    async (control) => {
      answerMistakes(control);
      registerAccountControl(control, world, addresses);
      registerOrderControl(control, world);
      registerTruthControl(control, world);
      registerSettingsControl(control, world);
      registerNotificationControl(control, world, () => addresses().url);
    },
    { prefix: "/_sim" },
  );
  return server;
}

/** Starts a marketplace on this machine. */
export async function startAmazon(options: AmazonOptions = {}): Promise<AmazonSimulator> {
  const clock = options.clock ?? createSimulatorClock();
  const wallClock = options.wallClock ?? createSimulatorClock();
  const world = createWorld(options, { clock, wallClock });
  const { callbackUrl, apps, accounts = exampleAccounts } = options;
  applySetup(world, { callbackUrl, apps, accounts });
  let url = "";
  const addresses = (): Addresses => ({
    url,
    tokenUrl: `${url}/auth/o2/token`,
    sqs: describeQueues(world.queues, url),
  });
  const server = createServer(world, addresses);
  url = await server.listen({ port: options.port ?? 0, host: options.host ?? "127.0.0.1" });
  return {
    ...addresses(),
    seed: options.seed ?? 1,
    ...describeAccounts(world),
    clock,
    truth: () => describeTruth(world),
    async close() {
      world.news.close();
      world.queues.close();
      if (options.clock === undefined) clock.close();
      if (options.wallClock === undefined) wallClock.close();
      await server.close();
    },
  };
}
