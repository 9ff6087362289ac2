// An Amazon and a MercadoLibre account that sell the same units, and Onepool between them as a seller runs it: HTTP on every side.
import type { SettingsChange as AmazonSettings } from "@onepool/simulators/amazon/settings.ts";
import type { SettingsChange as MeliSettings } from "@onepool/simulators/mercadolibre/settings.ts";

import { onepoolClient, type OnepoolClient } from "./onepool-client.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";
import {
  amazonConnection,
  type AmazonNews,
  type Market,
  meliConnection,
  type SimulatedMarkets,
  startMarkets,
} from "./simulated-markets.ts";

/** What a listing sells, and where. A market's code is its connection's and its account's. */
export interface MarketListing {
  readonly market: Market;
  /** The SKU at Amazon, the item at MercadoLibre. */
  readonly listing: string;
  readonly sku: string;
  readonly unitsPerSale: number;
}

export interface MarketsPlan {
  readonly seed: number;
  /** Opening stock per SKU. */
  readonly stock: Readonly<Record<string, number>>;
  readonly listings: readonly MarketListing[];
  /** The stock lies at keepers, who tell of it themselves. */
  readonly isKeptElsewhere?: boolean;
  /** How Amazon tells: into its queue, or posted to us. */
  readonly amazonNews: AmazonNews;
  /** Amazon's own rates, times this; 1 as documented. */
  readonly amazonRates: number;
  /** What a listing shows before Onepool is there; 3 where nothing is said. */
  readonly openingShown?: number;
  /** How much earlier than now the marketplaces' time begins, in milliseconds: their clock can then be moved forward. */
  readonly beginsMsAgo?: number;
  /** The risk of overselling that the seller accepts; the server's own where nothing is said. */
  readonly oversellRisk?: number;
  /** In place of the short times of a scenario. */
  readonly settings?: { readonly amazon?: AmazonSettings; readonly meli?: MeliSettings };
}

/** One Onepool server and a caller of its API. */
export interface Onepool extends ServerProcess {
  readonly client: OnepoolClient;
}

export interface TwoMarkets extends Omit<SimulatedMarkets, "buy"> {
  /** A server process; any number work on one database. */
  startServer(): Promise<Onepool>;
  /** Counts the stock, connects both accounts, maps the listings and goes live. */
  seed(onepool: Onepool): Promise<void>;
  /** Where the marketplaces post their notifications from now on: a server that started again has another address. */
  notify(onepool: Onepool): Promise<void>;
  /** How many units of some SKUs there ever were for the marketplaces: what others got of the opening stock is taken off. */
  supply(stock: Readonly<Record<string, number>>): Promise<void>;
  /** The order's id, or null when the marketplace refused the buyer. */
  buy(listing: MarketListing, quantity: number): Promise<string | null>;
}

/** Amazon's own time, shortened so that a scenario does not wait for it; ours is told so by the connection's options. */
const AMAZON_PACE = {
  orderPollIntervalMs: 1_000,
  orderPollOverlapMs: 30_000,
  orderListLagMs: 300,
  writeAppliesWithinMs: 3_000,
  orderListsPerMinute: 240,
};
const MELI_PACE = { orderPollIntervalMs: 1_000 };

export async function buildTwoMarkets(databaseUrl: string, plan: MarketsPlan): Promise<TwoMarkets> {
  const markets = await startMarkets({
    seed: plan.seed,
    startAt: Date.now() - (plan.beginsMsAgo ?? 0),
    amazon: { settings: amazonSettings(plan), listings: listed(plan, "amazon") },
    meli: { settings: meliSettings(plan), listings: listed(plan, "meli") },
    groups: groupsOf(plan),
  });
  const servers: Onepool[] = [];
  return {
    ...markets,
    async startServer() {
      const { oversellRisk } = plan;
      const risk = oversellRisk === undefined ? {} : { ONEPOOL_OVERSELL_RISK: String(oversellRisk) };
      const environment = { DATABASE_URL: databaseUrl, ...risk };
      const server = await startServerProcess({ dataFolder: "", key: API_KEY, environment });
      const onepool = { ...server, client: onepoolClient(server.url, server.key) };
      servers.push(onepool);
      return onepool;
    },
    seed: ({ client }) => seedOnepool(client, plan, markets),
    notify: ({ client }) => tellAddresses(client, plan, markets.control),
    buy: ({ market, listing }, quantity) => markets.buy(market, listing, quantity),
    async supply(stock) {
      await markets.control("meli", "PUT", "physical", { groups: groupsOf({ ...plan, stock }) });
    },
    async close() {
      await Promise.all(servers.map((server) => server.stop()));
      await markets.close();
    },
  };
}

/** Every process of a scenario has the same key: a seller's own programs do not ask which one answers. */
const API_KEY = `opk_${"scenario".repeat(4)}`;

function amazonSettings({ amazonRates, settings }: MarketsPlan): AmazonSettings {
  return {
    orderClosingGapMs: { min: 50, max: 1_500 },
    orderSearchLagMs: 200,
    notificationLatencyMs: { min: 20, max: 250 },
    writeApplyMs: { min: 10, max: 300 },
    writeTail: { share: 0.02, minMs: 300, maxMs: 2_000 },
    limits: { factor: amazonRates, operations: { searchOrders: { rate: 4, burst: 20 } } },
    ...settings?.amazon,
  };
}

function meliSettings({ settings }: MarketsPlan): MeliSettings {
  return {
    orderClosingGapMs: { min: 50, max: 400 },
    notificationLatencyMs: { min: 20, max: 150 },
    ...settings?.meli,
  };
}

/** The listings open with a number of the seller's own making: the first thing Onepool has to do is mend them. */
function listed({ listings, openingShown = 3 }: MarketsPlan, wanted: Market) {
  return listings
    .filter(({ market }) => market === wanted)
    .map(({ listing }) => ({ listing, availableQuantity: openingShown }));
}

function groupsOf({ stock, listings }: MarketsPlan) {
  return Object.entries(stock).map(([id, units]) => ({
    id,
    units,
    listings: listings
      .filter(({ sku }) => sku === id)
      .map(({ market, listing, unitsPerSale }) => ({ account: market, listing, unitsPerSale })),
  }));
}

async function seedOnepool(
  client: OnepoolClient,
  plan: MarketsPlan,
  markets: Pick<TwoMarkets, "amazon" | "meli" | "control">,
): Promise<void> {
  await inPieces(Object.keys(plan.stock), 50, (skus) =>
    Promise.all(skus.map((sku) => client.put(`/v1/skus/${encodeURIComponent(sku)}`, {}))),
  );
  const receipts = Object.entries(plan.stock).map(([sku, units]) => ({
    kind: "receipt",
    sku,
    location: "main",
    units,
    externalId: `opening/${sku}`,
  }));
  if (plan.isKeptElsewhere !== true)
    await inPieces(receipts, 1_000, (movements) => client.post("/v1/movements", { movements }));
  const since = new Date(markets.amazon.clock.now() - 1_000).toISOString();
  await client.put("/v1/connections/meli", {
    ...meliConnection(markets.meli, MELI_PACE),
    mode: "shadow",
    since,
  });
  await client.put("/v1/connections/amazon", {
    ...amazonConnection(markets.amazon, { news: plan.amazonNews, options: AMAZON_PACE }),
    mode: "shadow",
    since,
  });
  const map = ({ market, listing, sku, unitsPerSale: units }: MarketListing) =>
    client.put(`/v1/listings/${market}/${encodeURIComponent(listing)}`, { components: [{ sku, units }] });
  await inPieces(plan.listings, 50, (listings) => Promise.all(listings.map(map)));
  await tellAddresses(client, plan, markets.control);
  for (const market of ["amazon", "meli"]) await client.put(`/v1/connections/${market}`, { mode: "live" });
}

async function tellAddresses(
  client: OnepoolClient,
  plan: MarketsPlan,
  control: TwoMarkets["control"],
): Promise<void> {
  for (const market of ["amazon", "meli"] as const) {
    const { hookUrl } = await client.get(`/v1/connections/${market}`);
    const isPosted = market === "meli" || plan.amazonNews === "push";
    if (isPosted) await control(market, "PUT", "accounts", { callbackUrl: String(hookUrl) });
  }
}

/** Some at a time, in order. */
async function inPieces<Item>(
  items: readonly Item[],
  size: number,
  work: (piece: readonly Item[]) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < items.length; start += size) await work(items.slice(start, start + size));
}
