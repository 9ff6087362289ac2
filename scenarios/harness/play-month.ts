// What happens to the seller in a month: buyers, returns, deliveries, losses and finds, day by day, as seeded chance has it.
import { setTimeout as delay } from "node:timers/promises";

import type { FaultSetup as ShipBobFaults } from "@onepool/simulators/shipbob/faults.ts";
import type { FaultSetup as ShipHeroFaults } from "@onepool/simulators/shiphero/faults.ts";

import type { OnepoolClient } from "./onepool-client.ts";
import { seededRandom } from "./seeded-random.ts";
import { FACILITY, KEEPERS, type SimulatedKeepers } from "./simulated-keepers.ts";
import type { MarketsPlan, TwoMarkets } from "./two-markets.ts";

export interface MonthOptions {
  readonly days: number;
  readonly skus: readonly string[];
  readonly plan: MarketsPlan;
  readonly markets: TwoMarkets;
  readonly keepers: SimulatedKeepers;
  readonly client: OnepoolClient;
}

/** What came of it, counted. */
export interface MonthPlayed {
  readonly sales: number;
  readonly refusedBuyers: number;
  readonly cancelled: number;
  readonly returned: number;
  readonly deliveries: number;
  readonly lostOrFound: number;
}

interface Sale {
  readonly market: "amazon" | "meli";
  readonly orderId: string;
  readonly sku: string;
  readonly quantity: number;
  state: "open" | "shipped" | "cancelled" | "returned";
}

const DAY_MS = 1_500;

/** Everything wrong on the way: what is lost is found by looking, what comes twice counts once. */
const BOB_FAULTS: ShipBobFaults = {
  webhooks: { loss: 0.2, duplicate: 0.2, duplicateNewId: 0.1, reorder: 0.2, reorderMs: 1_500 },
  levels: { stale: 0.05, staleMs: 1_000, omit: 0.02 },
  history: { late: 0.1, lateMs: 1_000 },
  api: [
    { kind: "serverError", probability: 0.03 },
    { kind: "rateLimited", probability: 0.02, retryAfterSeconds: 1 },
    { kind: "droppedAfterApply", probability: 0.02 },
    { kind: "malformed", probability: 0.01 },
  ],
};

const HERO_FAULTS: ShipHeroFaults = {
  webhooks: { loss: 0.2, duplicate: 0.2, duplicateNewId: 0.1, reorder: 0.2, reorderMs: 1_500 },
  reads: { lagMs: 500, lagShare: 0.05 },
  api: [
    { kind: "serverError", probability: 0.03 },
    { kind: "throttled", probability: 0.02 },
    { kind: "droppedAfterApply", probability: 0.02 },
    { kind: "unexpectedError", probability: 0.01 },
  ],
};

const MARKET_FAULTS = { notifications: { loss: 0.15, duplicate: 0.2, reorder: 0.2, reorderMs: 600 } };

/** Plays the month; at the end the faults are over, everything is shipped, and every shelf was counted. */
export async function playMonth(options: MonthOptions): Promise<MonthPlayed> {
  const { keepers, markets, days } = options;
  const month = new Month(options);
  await keepers.faults(BOB_FAULTS, HERO_FAULTS);
  for (const market of ["amazon", "meli"] as const)
    await markets.control(market, "PUT", "faults", MARKET_FAULTS);
  for (let day = 0; day < days; day++) {
    await month.day(day);
    await delay(DAY_MS);
    await month.evening();
  }
  await keepers.faults({}, {});
  for (const market of ["amazon", "meli"] as const) await markets.control(market, "PUT", "faults", {});
  await month.finish();
  return month.played();
}

class Month {
  private readonly options: MonthOptions;
  private readonly random: () => number;
  private readonly sales: Sale[] = [];
  private readonly addressed = new Set<string>();
  private refusedBuyers = 0;
  private deliveries = 0;
  private lostOrFound = 0;

  constructor(options: MonthOptions) {
    this.options = options;
    this.random = seededRandom(options.plan.seed);
  }

  async day(day: number): Promise<void> {
    for (let buyer = 0; buyer < 3; buyer++) await this.sell();
    if (this.random() < 0.4) await this.deliver(day);
    for (const keeper of KEEPERS) {
      if (this.random() < 0.5) await this.misfortune(keeper);
      if (this.random() < 0.3) await this.keeperAct(keeper, "count", { item: this.anySku() });
    }
  }

  /** The marketplaces hear what left, buyers change their minds. */
  async evening(): Promise<void> {
    await this.giveAddresses();
    if (this.random() < 0.3) await this.cancelOne();
    await this.confirmShipments();
    if (this.random() < 0.3) await this.sendBackOne();
  }

  /** Nobody buys any more: what is open leaves, and all shelves are counted. */
  async finish(): Promise<void> {
    while (this.sales.some(({ state }) => state === "open")) {
      await this.giveAddresses();
      await this.confirmShipments();
      // Orders that wait for a unit that somebody did not see leave once it is counted.
      await this.countAll();
      await delay(500);
    }
    await this.countAll();
  }

  private async countAll(): Promise<void> {
    const { keepers, skus } = this.options;
    for (const keeper of KEEPERS)
      for (const sku of skus) await keepers.act(keeper, "count", { facility: FACILITY, item: sku });
  }

  played(): MonthPlayed {
    const inState = (state: Sale["state"]) => this.sales.filter((sale) => sale.state === state).length;
    return {
      sales: this.sales.length,
      refusedBuyers: this.refusedBuyers,
      cancelled: inState("cancelled"),
      returned: inState("returned"),
      deliveries: this.deliveries,
      lostOrFound: this.lostOrFound,
    };
  }

  private async sell(): Promise<void> {
    const { plan, markets } = this.options;
    const listing = plan.listings[Math.floor(this.random() * plan.listings.length)];
    if (listing === undefined) return;
    const quantity = 1 + Math.floor(this.random() * 3);
    const orderId = await markets.buy(listing, quantity);
    if (orderId === null) {
      this.refusedBuyers++;
      return;
    }
    const { market, sku } = listing;
    this.sales.push({ market, orderId, sku, quantity, state: "open" });
    // The second keeper takes its orders from the marketplace by itself.
    if (market === "meli")
      await this.keeperAct("hero", "accept-order", { id: orderId, lines: [{ item: sku, units: quantity }] });
  }

  /** Units come from a supplier: announced by us at one keeper, by the keeper itself at the other. */
  private async deliver(day: number): Promise<void> {
    const { client } = this.options;
    const sku = this.anySku();
    this.deliveries++;
    if (this.random() < 0.5) {
      await client.put(`/v1/inbounds/PO-${day}`, {
        location: "bob",
        status: "announced",
        lines: [{ sku, units: 6 }],
      });
      return;
    }
    await this.keeperAct("hero", "announce-inbound", {
      id: `own-${day}`,
      lines: [{ item: sku, expected: 5 }],
    });
  }

  private async misfortune(keeper: (typeof KEEPERS)[number]): Promise<void> {
    const act = ["lose", "find", "damage"][Math.floor(this.random() * 3)] ?? "lose";
    this.lostOrFound++;
    await this.keeperAct(keeper, act, { item: this.anySku(), units: 1, noticed: this.random() < 0.5 });
  }

  private async cancelOne(): Promise<void> {
    const { markets } = this.options;
    const sale = this.sales.findLast(({ state }) => state === "open");
    if (sale === undefined) return;
    if (((await this.left(sale.market)).get(sale.orderId)?.shipped ?? 0) > 0) return;
    await markets.control(sale.market, "POST", `orders/${sale.orderId}/cancel`, {});
    sale.state = "cancelled";
    if (sale.market === "meli") await this.keeperAct("hero", "cancel-order", { id: sale.orderId });
  }

  private async confirmShipments(): Promise<void> {
    const { markets } = this.options;
    const left = { amazon: await this.left("amazon"), meli: await this.left("meli") };
    for (const sale of this.sales) {
      if (sale.state !== "open" || left[sale.market].get(sale.orderId)?.isOver !== true) continue;
      await markets.control(sale.market, "POST", `orders/${sale.orderId}/ship`, {});
      sale.state = "shipped";
    }
  }

  /** Goods come back to the keeper that shipped them, announced or not. */
  private async sendBackOne(): Promise<void> {
    const { markets } = this.options;
    const sale = this.sales.find(({ state, market }) => state === "shipped" && market === "meli");
    if (sale === undefined) return;
    sale.state = "returned";
    await markets.control("meli", "POST", `orders/${sale.orderId}/deliver`, {});
    await markets.control("meli", "POST", `orders/${sale.orderId}/return`, {});
    await this.keeperAct("hero", "announce-return", {
      id: `ret-${sale.orderId}`,
      orderId: sale.orderId,
      lines: [{ item: sale.sku, expected: sale.quantity }],
    });
  }

  /** The first keeper is given its orders by Onepool, which has to know where they go. */
  private async giveAddresses(): Promise<void> {
    const { client } = this.options;
    for (const { market, orderId, state } of this.sales) {
      if (market !== "amazon" || state !== "open" || this.addressed.has(orderId)) continue;
      const isKnown = await client.put(`/v1/orders/amazon/${orderId}/ship-to`, ADDRESS).then(
        () => true,
        () => false,
      );
      if (isKnown) this.addressed.add(orderId);
    }
  }

  /** What left the building that ships for a marketplace. */
  private left(market: Sale["market"]): ReturnType<SimulatedKeepers["left"]> {
    return this.options.keepers.left(market === "amazon" ? "bob" : "hero");
  }

  private anySku(): string {
    const { skus } = this.options;
    return skus[Math.floor(this.random() * skus.length)] ?? "";
  }

  private async keeperAct(keeper: (typeof KEEPERS)[number], act: string, body: object): Promise<void> {
    await this.options.keepers.act(keeper, act, { facility: FACILITY, ...body });
  }
}

const ADDRESS = {
  name: "Ana López",
  address1: "Av. Insurgentes Sur 1602",
  city: "Ciudad de México",
  region: "CDMX",
  postalCode: "03940",
  country: "MX",
};
