import Fastify, { type FastifyInstance } from "fastify";

import { answerMistakes } from "../control/control-answer.ts";
import { createKeyedRandom } from "../keyed-random.ts";
import { createSimulatorClock, type SimulatorClock } from "../simulator-clock.ts";
import { Truth } from "../truth/truth.ts";
import { type AccountSetup, type AppSetup, exampleAccounts } from "./account-setup.ts";
import { registerApplicationRoutes } from "./applications-routes.ts";
import { type AccountCredentials, type AppCredentials, applySetup, describeAccounts } from "./apply-setup.ts";
import { type Addresses, registerAccountControl } from "./control/account-control.ts";
import { registerFulfillmentControl } from "./control/fulfillment-control.ts";
import { registerListingControl } from "./control/listing-control.ts";
import { registerOrderControl } from "./control/order-control.ts";
import { registerSettingsControl } from "./control/settings-control.ts";
import { describeTruth, registerTruthControl } from "./control/truth-control.ts";
import { createMercadolibreFaults, type FaultSetup } from "./faults.ts";
import { registerInventoryRoutes } from "./fulfillment/inventory-routes.ts";
import { createIdentifiers } from "./identifiers.ts";
import { registerItemRoutes } from "./items/item-routes.ts";
import { registerMigrationRoutes } from "./items/migration-routes.ts";
import { registerMissedFeedsRoutes } from "./notifications/missed-feeds-routes.ts";
import { Outbox } from "./notifications/outbox.ts";
import { createAuthorizationCodes } from "./oauth/authorization-codes.ts";
import { registerAuthorizationRoutes } from "./oauth/authorization-routes.ts";
import { createGrants } from "./oauth/grants.ts";
import { registerTokenRoutes } from "./oauth/token-routes.ts";
import { registerClaimRoutes } from "./orders/claim-routes.ts";
import { registerFeedbackRoutes } from "./orders/feedback-routes.ts";
import { registerOrderRoutes } from "./orders/order-routes.ts";
import { registerPackRoutes } from "./orders/pack-routes.ts";
import { registerShipmentRoutes } from "./orders/shipment-routes.ts";
import { registerSplitRoutes } from "./orders/split-routes.ts";
import { defaultSettings, mergeSettings, type SettingsChange } from "./settings.ts";
import { registerUserProductRoutes } from "./user-products/user-product-routes.ts";
import { registerUserRoutes } from "./users/user-routes.ts";
import { answerUnknownPaths, guardVendorRoutes } from "./vendor/vendor-api.ts";
import type { World } from "./world.ts";

export interface MercadoLibreOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  host?: string;
  seed?: number;
  /** A clock to share; without it the simulator makes its own and closes it. */
  clock?: SimulatorClock;
  /** A truth to share with other simulators that sell the same units. */
  truth?: Truth;
  callbackUrl?: string | null;
  topics?: string[];
  apps?: AppSetup[];
  /** Two example sellers when absent. */
  accounts?: AccountSetup[];
  faults?: FaultSetup;
  settings?: SettingsChange;
}

/** A running marketplace. */
export interface MercadoLibreSimulator extends Addresses {
  seed: number;
  apps: AppCredentials[];
  /** As they were at the start; `GET /_sim/accounts` has the tokens of now. */
  accounts: AccountCredentials[];
  clock: SimulatorClock;
  /** The same as `GET /_sim/truth`. */
  truth(): ReturnType<typeof describeTruth>;
  close(): Promise<void>;
}

function createWorld(options: MercadoLibreOptions, clock: SimulatorClock): World {
  const random = createKeyedRandom(options.seed ?? 1);
  const faults = createMercadolibreFaults(random, options.faults);
  const world: Omit<World, "grants" | "outbox"> = {
    clock,
    random,
    faults,
    truth: options.truth ?? new Truth(clock),
    settings: mergeSettings(defaultSettings(), options.settings ?? {}),
    ids: createIdentifiers(random),
    codes: createAuthorizationCodes(random, clock.now),
    apps: new Map(),
    sellers: new Map(),
    items: new Map(),
    migrations: new Map(),
    userProducts: new Map(),
    inventories: new Map(),
    orders: new Map(),
    packs: new Map(),
    shipments: new Map(),
    claims: new Map(),
  };
  // Settings are replaced while it runs: whoever needs one reads it through the world.
  return Object.assign(world, {
    grants: createGrants({ random, now: clock.now, accessTtlMs: () => world.settings.accessTokenTtlMs }),
    outbox: new Outbox({ clock, random, faults, settings: () => world.settings }),
  });
}

function createServer(world: World, addresses: () => Addresses): FastifyInstance {
  const server = Fastify({
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    // Every parameter is one string: a repeated one means its last value.
    routerOptions: { querystringParser: (text) => Object.fromEntries(new URLSearchParams(text)) },
  });
  answerUnknownPaths(server);
  void server.register(async (vendor) => {
    const limits = guardVendorRoutes(vendor, world);
    registerTokenRoutes(vendor, world, limits);
    registerAuthorizationRoutes(vendor, world);
    registerUserRoutes(vendor, world);
    registerItemRoutes(vendor, world);
    registerMigrationRoutes(vendor, world);
    registerUserProductRoutes(vendor, world);
    registerInventoryRoutes(vendor, world);
    registerOrderRoutes(vendor, world);
    registerPackRoutes(vendor, world);
    registerFeedbackRoutes(vendor, world);
    registerShipmentRoutes(vendor, world);
    registerSplitRoutes(vendor, world);
    registerClaimRoutes(vendor, world);
    registerMissedFeedsRoutes(vendor, world);
    registerApplicationRoutes(vendor, world);
  });
  void server.register(
    async (control) => {
      answerMistakes(control);
      registerAccountControl(control, world, addresses);
      registerOrderControl(control, world);
      registerListingControl(control, world);
      registerFulfillmentControl(control, world);
      registerTruthControl(control, world);
      registerSettingsControl(control, world);
    },
    { prefix: "/_sim" },
  );
  return server;
}

/** Starts a marketplace on this machine. */
export async function startMercadoLibre(options: MercadoLibreOptions = {}): Promise<MercadoLibreSimulator> {
  const clock = options.clock ?? createSimulatorClock();
  const world = createWorld(options, clock);
  const { callbackUrl, topics, apps, accounts = exampleAccounts } = options;
  applySetup(world, { callbackUrl, topics, apps, accounts });
  let url = "";
  const addresses = (): Addresses => ({
    url,
    tokenUrl: `${url}/oauth/token`,
    authorizationUrl: `${url}/authorization`,
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
      world.outbox.close();
      if (options.clock === undefined) clock.close();
      await server.close();
    },
  };
}
