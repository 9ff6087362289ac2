import Fastify, { type FastifyInstance } from "fastify";

import { answerMistakes } from "../control/control-answer.ts";
import { createKeyedRandom } from "../keyed-random.ts";
import { createSimulatorClock, type SimulatorClock } from "../simulator-clock.ts";
import { registerWarehouseControl } from "../warehouse/control/warehouse-control.ts";
import type { FloorSetup } from "../warehouse/floor/floor-settings.ts";
import { createFloor } from "../warehouse/floor/floor.ts";
import { createWarehouse } from "../warehouse/warehouse.ts";
import {
  accountSchema,
  type AccountSetup,
  applyAccount,
  describeAccount,
  exampleAccount,
} from "./account-setup.ts";
import { Catalogue } from "./catalogue.ts";
import { describeTruth, registerShipBobControl } from "./control/shipbob-control.ts";
import { createFaults, type FaultSetup } from "./faults.ts";
import { createIdentifiers } from "./identifiers.ts";
import { registerCatalogueRoutes } from "./inventory/catalogue-routes.ts";
import { registerHistoryRoutes } from "./inventory/history-routes.ts";
import { createHistory } from "./inventory/history.ts";
import { registerInventoryRoutes } from "./inventory/inventory-routes.ts";
import { OrderBook } from "./orders/order-book.ts";
import { noteOrderEvent } from "./orders/order-news.ts";
import { registerOrderRoutes } from "./orders/order-routes.ts";
import { ReceivingBook } from "./receiving/receiving-book.ts";
import { noteInboundEvent } from "./receiving/receiving-news.ts";
import { registerReceivingRoutes } from "./receiving/receiving-routes.ts";
import { ReturnBook } from "./returns/return-book.ts";
import { noteReturnEvent } from "./returns/return-news.ts";
import { registerReturnRoutes } from "./returns/return-routes.ts";
import { defaultSettings, mergeSettings, type SettingsChange } from "./settings.ts";
import { registerSimulationRoutes } from "./simulations/simulation-routes.ts";
import { guardVendorRoutes, VERSION } from "./vendor/vendor-api.ts";
import { Outbox } from "./webhooks/outbox.ts";
import { registerWebhookRoutes } from "./webhooks/webhook-routes.ts";
import type { World } from "./world.ts";

export interface ShipBobOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  host?: string;
  seed?: number;
  /** A clock to share; without it the simulator makes its own and closes it. */
  clock?: SimulatorClock;
  /** The body of `PUT /_sim/account`; two facilities and three things of 40 units when absent. */
  account?: AccountSetup;
  /** The body of `PUT /_sim/warehouse/floor`. */
  floor?: FloorSetup;
  faults?: FaultSetup;
  settings?: SettingsChange;
}

/** A running keeper. */
export interface ShipBobSimulator {
  /** The API's address, without the version. */
  url: string;
  seed: number;
  /** As it was at the start; `GET /_sim/account` has it as it is. */
  account: ReturnType<typeof describeAccount>;
  clock: SimulatorClock;
  /** The same as `GET /_sim/truth`. */
  truth(): ReturnType<typeof describeTruth>;
  close(): Promise<void>;
}

function createWorld(options: ShipBobOptions, clock: SimulatorClock): World {
  const random = createKeyedRandom(options.seed ?? 1);
  const faults = createFaults(random, options.faults);
  const ids = createIdentifiers(random);
  const warehouse = createWarehouse({ clock, random });
  const world: World = {
    clock,
    random,
    warehouse,
    faults,
    ids,
    settings: mergeSettings(defaultSettings(), options.settings ?? {}),
    token: `pat_${random.hex("token", 48)}`,
    catalogue: new Catalogue(ids, clock.now),
    history: createHistory({ clock, random, faults, nextId: () => ids.next("historyEvent") }),
    orders: new OrderBook(ids, clock.now),
    receiving: new ReceivingBook(),
    returns: new ReturnBook(),
    webhooks: new Outbox({ clock, random, faults, settings: () => world.settings }),
    simulations: new Map(),
    floor: createFloor(warehouse, options.floor),
  };
  warehouse.journal.subscribe((event) => {
    world.history.note(event);
    noteOrderEvent(world, event);
    noteInboundEvent(world, event);
    noteReturnEvent(world, event);
  });
  applyAccount(world, accountSchema.parse(options.account ?? exampleAccount));
  return world;
}

function createServer(world: World, addresses: () => object): FastifyInstance {
  const server = Fastify({ forceCloseConnections: true, exposeHeadRoutes: false });
  void server.register(
    async (vendor) => {
      guardVendorRoutes(vendor, world);
      registerInventoryRoutes(vendor, world);
      registerHistoryRoutes(vendor, world);
      registerCatalogueRoutes(vendor, world);
      registerOrderRoutes(vendor, world);
      registerReceivingRoutes(vendor, world);
      registerReturnRoutes(vendor, world);
      registerWebhookRoutes(vendor, world);
      registerSimulationRoutes(vendor, world);
    },
    { prefix: VERSION },
  );
  void server.register(
    async (control) => {
      answerMistakes(control);
      registerShipBobControl(control, world, addresses);
      registerWarehouseControl(control, world);
    },
    { prefix: "/_sim" },
  );
  return server;
}

/** Starts a keeper on this machine. */
export async function startShipBob(options: ShipBobOptions = {}): Promise<ShipBobSimulator> {
  const clock = options.clock ?? createSimulatorClock();
  const world = createWorld(options, clock);
  let url = "";
  const server = createServer(world, () => ({ url }));
  url = await server.listen({ port: options.port ?? 0, host: options.host ?? "127.0.0.1" });
  return {
    url,
    seed: options.seed ?? 1,
    account: describeAccount(world),
    clock,
    truth: () => describeTruth(world),
    async close() {
      world.floor.close();
      world.webhooks.close();
      if (options.clock === undefined) clock.close();
      await server.close();
    },
  };
}
