import Fastify, { type FastifyInstance } from "fastify";

import { createKeyedRandom } from "../keyed-random.ts";
import { createSimulatorClock, type SimulatorClock } from "../simulator-clock.ts";
import { Truth } from "../truth/truth.ts";
import { type AccountSetup, type AppSetup, exampleAccounts } from "./account-setup.ts";
import { applySetup } from "./apply-setup.ts";
import { createGrants } from "./auth/grants.ts";
import { registerTokenRoutes } from "./auth/token-routes.ts";
import { type Addresses, registerAccountControl } from "./control/account-control.ts";
import { answerMistakes } from "./control/control-answer.ts";
import { registerOrderControl } from "./control/order-control.ts";
import { registerSettingsControl } from "./control/settings-control.ts";
import { describeTruth, registerTruthControl } from "./control/truth-control.ts";
import { type AccountCredentials, type AppCredentials, describeAccounts } from "./describe-accounts.ts";
import { createFaultBoard, type FaultSetup } from "./faults.ts";
import { registerSummaryRoutes } from "./fba/summary-routes.ts";
import { createIdentifiers } from "./identifiers.ts";
import { registerListingRoutes } from "./listings/listing-routes.ts";
import { ListingStore } from "./listings/listing-store.ts";
import type { OrderNews } from "./order-news.ts";
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
  /** A truth to share with other simulators that sell the same units. */
  truth?: Truth;
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

/** Until notifications are made: nobody listens. */
const nobody: OrderNews = {
  orderChanged: () => {},
  quantityChanged: () => {},
  fbaStockChanged: () => {},
  listingStatusChanged: () => {},
};

function createWorld(options: AmazonOptions, clock: SimulatorClock): World {
  const random = createKeyedRandom(options.seed ?? 1);
  const world: Omit<World, "grants"> = {
    clock,
    random,
    faults: createFaultBoard(random, options.faults),
    truth: options.truth ?? new Truth(clock),
    settings: mergeSettings(defaultSettings(), options.settings ?? {}),
    ids: createIdentifiers(random),
    news: nobody,
    apps: new Map(),
    sellers: new Map(),
    listings: new ListingStore(),
    orders: new OrderBook(clock.now),
  };
  // Settings are replaced while it runs: whoever needs one reads it through the world.
  return Object.assign(world, {
    grants: createGrants({ random, now: clock.now, accessTtlMs: () => world.settings.accessTokenTtlMs }),
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
  });
  void server.register(
    async (control) => {
      answerMistakes(control);
      registerAccountControl(control, world, addresses);
      registerOrderControl(control, world);
      registerTruthControl(control, world);
      registerSettingsControl(control, world);
    },
    { prefix: "/_sim" },
  );
  return server;
}

/** Starts a marketplace on this machine. */
export async function startAmazon(options: AmazonOptions = {}): Promise<AmazonSimulator> {
  const clock = options.clock ?? createSimulatorClock();
  const world = createWorld(options, clock);
  const { callbackUrl, apps, accounts = exampleAccounts } = options;
  applySetup(world, { callbackUrl, apps, accounts });
  let url = "";
  const addresses = (): Addresses => ({ url, tokenUrl: `${url}/auth/o2/token` });
  const server = createServer(world, addresses);
  url = await server.listen({ port: options.port ?? 0, host: options.host ?? "127.0.0.1" });
  return {
    ...addresses(),
    seed: options.seed ?? 1,
    ...describeAccounts(world),
    clock,
    truth: () => describeTruth(world),
    async close() {
      if (options.clock === undefined) clock.close();
      await server.close();
    },
  };
}
