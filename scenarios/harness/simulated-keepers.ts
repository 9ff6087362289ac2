// A ShipBob and a ShipHero account, each with a warehouse of its own behind it, as everything that plays both begins.
import type { FaultSetup as ShipBobFaults } from "@onepool/simulators/shipbob/faults.ts";
import { startShipBob, type ShipBobSimulator } from "@onepool/simulators/shipbob/start.ts";
import type { FaultSetup as ShipHeroFaults } from "@onepool/simulators/shiphero/faults.ts";
import { startShipHero, type ShipHeroSimulator } from "@onepool/simulators/shiphero/start.ts";
import type { SimulatorClock } from "@onepool/simulators/simulator-clock.ts";
import type { FloorSetup } from "@onepool/simulators/warehouse/floor/floor-settings.ts";
import { z } from "zod";

/** A keeper's code is its connection's, and that of its location. */
export type KeeperCode = "bob" | "hero";

export const KEEPERS = ["bob", "hero"] as const;

/** What the warehouse behind each is called. */
export const FACILITY = "Cuautitlán";

/** ShipBob's own number of it. */
const SHIPBOB_FACILITY = 8;

const documentsSchema = z.object({
  orders: z.array(
    z.object({ id: z.string(), state: z.string(), lines: z.array(z.object({ shipped: z.number() })) }),
  ),
});

const shelfSchema = z.object({ record: z.object({ shelf: z.number() }) }).nullable();

const eventsSchema = z.object({
  entries: z.array(
    z.object({
      item: z.string().nullable(),
      document: z.unknown().nullable(),
      before: shelfSchema,
      after: shelfSchema,
    }),
  ),
});

type WarehouseEvent = z.infer<typeof eventsSchema>["entries"][number];

const bobOrdersSchema = z.object({
  orders: z.array(z.object({ worldId: z.string(), orderNumber: z.string() })),
});

export interface KeepersSetup {
  readonly seed: number;
  readonly clock: SimulatorClock;
  /** Units that lie there at the beginning, by SKU, at each of them. */
  readonly stock: Readonly<Record<string, number>>;
  readonly floor: FloorSetup;
}

export interface SimulatedKeepers {
  readonly bob: ShipBobSimulator;
  readonly hero: ShipHeroSimulator;
  /** What somebody does in a warehouse; whether it could be done. */
  /** All that happened in a warehouse, as people there wrote it down. */
  events(keeper: KeeperCode): Promise<readonly WarehouseEvent[]>;
  act(keeper: KeeperCode, act: string, body: object): Promise<boolean>;
  floor(setup: FloorSetup): Promise<void>;
  faults(bob: ShipBobFaults, hero: ShipHeroFaults): Promise<void>;
  /** Units that left a keeper's building and that will not leave any more, by the marketplace's order. */
  left(
    keeper: KeeperCode,
  ): Promise<ReadonlyMap<string, { readonly shipped: number; readonly isOver: boolean }>>;
  close(): Promise<void>;
}

export async function startKeepers({ seed, clock, stock, floor }: KeepersSetup): Promise<SimulatedKeepers> {
  const items = Object.entries(stock).map(([sku, units]) => ({ sku, units: { [FACILITY]: units } }));
  const shared = { seed, clock, floor };
  const bob = await startShipBob({
    ...shared,
    account: {
      facilities: [{ id: SHIPBOB_FACILITY, name: FACILITY, timezone: "America/Mexico_City" }],
      channels: [{ id: 101, name: "Onepool PAT" }],
      items,
    },
    settings: {
      requestsPerMinute: 3_000,
      webhookLatencyMs: { min: 10, max: 200 },
      retryWaitsMs: QUICK_RETRIES,
    },
  });
  const hero = await startShipHero({
    ...shared,
    account: { warehouses: [{ facility: FACILITY, identifier: "Primary" }], items },
    settings: {
      credits: { max: 200_000, restorePerSecond: CREDITS_PER_SECOND },
      webhooks: {
        latencyMs: { min: 10, max: 200 },
        retryWaitsMs: QUICK_RETRIES,
        unhealthyAfterFailures: 5_000,
      },
    },
  });
  const urls = { bob: bob.url, hero: hero.url };
  const control = controlOf(urls);
  const read = async (keeper: KeeperCode, path: string): Promise<unknown> =>
    (await fetch(`${urls[keeper]}/_sim/${path}`)).json();
  return {
    bob,
    hero,
    left: (keeper) => leftOf(keeper, read),
    events: async (keeper) => eventsSchema.parse(await read(keeper, "warehouse/events?limit=10000")).entries,
    act: (keeper, act, body) => control(keeper, "POST", `warehouse/${act}`, body),
    async floor(setup) {
      await Promise.all(KEEPERS.map((keeper) => control(keeper, "PUT", "warehouse/floor", setup)));
    },
    async faults(bobs, heros) {
      await Promise.all([control("bob", "PUT", "faults", bobs), control("hero", "PUT", "faults", heros)]);
    },
    async close() {
      await Promise.all([bob.close(), hero.close()]);
    },
  };
}

type Control = (keeper: KeeperCode, method: string, path: string, body: unknown) => Promise<boolean>;

/** Whether it could be done. */
function controlOf(urls: Readonly<Record<KeeperCode, string>>): Control {
  return async (keeper, method, path, body) => {
    const init = { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const answer = await fetch(`${urls[keeper]}/_sim/${path}`, init);
    // 409: what was to be done cannot be, which is no mistake of the caller's.
    if (!answer.ok && answer.status !== 409)
      throw new Error(`${method} ${path} of ${keeper} answered ${answer.status}: ${await answer.text()}`);
    await answer.arrayBuffer();
    return answer.ok;
  };
}

async function leftOf(
  keeper: KeeperCode,
  read: (keeper: KeeperCode, path: string) => Promise<unknown>,
): Promise<Map<string, { shipped: number; isOver: boolean }>> {
  const { orders } = documentsSchema.parse(await read(keeper, "warehouse/documents"));
  const told = keeper === "hero" ? [] : bobOrdersSchema.parse(await read(keeper, "orders")).orders;
  const names = new Map(told.map(({ worldId, orderNumber }) => [worldId, orderNumber] as const));
  const left = new Map<string, { shipped: number; isOver: boolean }>();
  for (const { id, state, lines } of orders) {
    const name = names.get(id) ?? id;
    const shipped = lines.reduce((sum, line) => sum + line.shipped, 0) + (left.get(name)?.shipped ?? 0);
    const isOver = (state === "shipped" || state === "cancelled") && (left.get(name)?.isOver ?? true);
    left.set(name, { shipped, isOver });
  }
  return left;
}

/** Like the vendors' own, and so short that a scenario does not wait for them. In milliseconds. */
const QUICK_RETRIES = [100, 300, 1_000, 3_000, 10_000];

/** What ShipHero's calls cost comes back that fast: as the days are shorter, in proportion. */
const CREDITS_PER_SECOND = 20_000;

/** Ours is told to look that often: the days of a scenario are seconds. In milliseconds. */
const KEEPER_PACE = {
  levelsIntervalMs: 1_500,
  movementsIntervalMs: 500,
  documentsIntervalMs: 800,
  documentsOverlapMs: 5_000,
  // ShipHero cuts its times to the second.
  clockSkewMs: 1_500,
  readsPerMinute: 3_000,
  writesPerMinute: 3_000,
};

/** The connection's body for the ShipBob account. */
export function shipBobConnection({ url, account: { token, channels } }: ShipBobSimulator) {
  return {
    kind: "shipbob",
    baseUrl: url,
    locations: { [String(SHIPBOB_FACILITY)]: "bob" },
    credentials: { accessToken: token },
    options: { ...KEEPER_PACE, channelId: channels[0]?.id ?? 0 },
  };
}

/** The connection's body for the ShipHero account. */
export function shipHeroConnection({
  url,
  tokenUrl,
  account: { warehouses, refreshToken },
}: ShipHeroSimulator) {
  return {
    kind: "shiphero",
    baseUrl: url,
    tokenUrl,
    locations: { [String(warehouses[0]?.legacyId ?? "")]: "hero" },
    credentials: { refreshToken },
    options: { ...KEEPER_PACE, creditsPerSecond: CREDITS_PER_SECOND },
  };
}
