import Fastify, { type FastifyInstance } from "fastify";

import { answerMistakes } from "../control/control-answer.ts";
import { createKeyedRandom } from "../keyed-random.ts";
import { createSimulatorClock, type SimulatorClock } from "../simulator-clock.ts";
import type { FloorSetup } from "../warehouse/floor/floor-settings.ts";
import { createFloor, type Floor } from "../warehouse/floor/floor.ts";
import { createWarehouse, type Warehouse } from "../warehouse/warehouse.ts";
import { accountSchema, type AccountSetup, exampleAccount } from "./account-setup.ts";
import { applyAccount } from "./apply-account.ts";
import { registerTokenRoutes } from "./auth/token-routes.ts";
import { describeTruth, registerVendorControl } from "./control/vendor-control.ts";
import { createWorld } from "./create-world.ts";
import { type AccountCredentials, describeAccount } from "./describe-account.ts";
import type { FaultSetup } from "./faults.ts";
import { registerGraphqlRoute } from "./graphql/graphql-route.ts";
import type { SettingsChange } from "./settings.ts";
import { registerSnapshotRoute } from "./snapshots/snapshot-route.ts";
import { webhookTypes } from "./webhooks/webhook-type.ts";
import type { World } from "./world.ts";

export interface ShipHeroOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  host?: string;
  seed?: number;
  /** A clock to share; without it the simulator makes its own and closes it. */
  clock?: SimulatorClock;
  /** The buildings behind it, on the same clock; without them the simulator makes its own. */
  warehouse?: Warehouse;
  /** What people in the building do by themselves: nothing, when absent. */
  floor?: FloorSetup;
  /** Where every webhook is registered from the start; nowhere when absent. */
  callbackUrl?: string | null;
  /** The body of `PUT /_sim/account`; one building with three things of 40 units when absent. */
  account?: AccountSetup;
  faults?: FaultSetup;
  settings?: SettingsChange;
}

export interface ShipHeroSimulator {
  /** Base URL: `${url}/graphql`, `${url}/auth/refresh`. */
  url: string;
  graphqlUrl: string;
  tokenUrl: string;
  seed: number;
  account: AccountCredentials;
  clock: SimulatorClock;
  warehouse: Warehouse;
  truth: () => ReturnType<typeof describeTruth>;
  close(): Promise<void>;
}

interface Addresses {
  url: string;
  graphqlUrl: string;
  tokenUrl: string;
}

function createServer(world: World, floor: Floor, addresses: () => Addresses): FastifyInstance {
  const server = Fastify({ forceCloseConnections: true, exposeHeadRoutes: false });
  void server.register(async (vendor) => {
    registerGraphqlRoute(vendor, world);
    registerTokenRoutes(vendor, world);
    registerSnapshotRoute(vendor, world);
  });
  void server.register(
    async (control) => {
      answerMistakes(control);
      registerVendorControl(control, { world, floor, addresses });
    },
    { prefix: "/_sim" },
  );
  return server;
}

/** Registers every webhook, as a person would who follows the manual. */
function registerWebhooks({ webhooks }: World, url: string): void {
  for (const name of webhookTypes) webhooks.registry.create({ name, url, enabled: true });
}

/** Starts a vendor on this machine. */
export async function startShipHero(options: ShipHeroOptions = {}): Promise<ShipHeroSimulator> {
  const clock = options.clock ?? createSimulatorClock();
  const random = createKeyedRandom(options.seed ?? 1);
  const warehouse = options.warehouse ?? createWarehouse({ clock, random });
  let url = "";
  const { faults, settings, callbackUrl } = options;
  const { account = options.warehouse === undefined ? exampleAccount : {} } = options;
  const world = createWorld({ clock, random, warehouse, faults, settings, baseUrl: () => url });
  applyAccount(world, accountSchema.parse(account));
  if (typeof callbackUrl === "string") registerWebhooks(world, callbackUrl);
  const floor = createFloor(warehouse, options.floor);
  const addresses = (): Addresses => ({
    url,
    graphqlUrl: `${url}/graphql`,
    tokenUrl: `${url}/auth/refresh`,
  });
  const server = createServer(world, floor, addresses);
  url = await server.listen({ port: options.port ?? 0, host: options.host ?? "127.0.0.1" });
  return {
    ...addresses(),
    seed: options.seed ?? 1,
    account: describeAccount(world),
    clock,
    warehouse,
    truth: () => describeTruth(world),
    async close() {
      world.webhooks.close();
      floor.close();
      if (options.clock === undefined) clock.close();
      await server.close();
    },
  };
}
