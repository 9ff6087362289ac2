// An Amazon and a MercadoLibre account that sell the same units, and Onepool between them as a seller runs it: HTTP on every side.
import { type AmazonSimulator, startAmazon } from "@onepool/simulators/amazon/start.ts";
import { type MercadoLibreSimulator, startMercadoLibre } from "@onepool/simulators/mercadolibre/start.ts";
import { createSimulatorClock, type SimulatorClock } from "@onepool/simulators/simulator-clock.ts";
import { Truth } from "@onepool/simulators/truth/truth.ts";
import { z } from "zod";

import { onepoolClient, type OnepoolClient } from "./onepool-client.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

export type Market = "amazon" | "meli";

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
  /** How Amazon tells: into its queue, or posted to us. */
  readonly amazonNews: "queue" | "push";
  /** Amazon's own rates, times this; 1 as documented. */
  readonly amazonRates: number;
}

/** One Onepool server and a caller of its API. */
export interface Onepool extends ServerProcess {
  readonly client: OnepoolClient;
}

export interface TwoMarkets {
  readonly amazon: AmazonSimulator;
  readonly meli: MercadoLibreSimulator;
  readonly truth: Truth;
  /** A server process; any number work on one database. */
  startServer(): Promise<Onepool>;
  /** Counts the stock, connects both accounts, maps the listings and goes live. */
  seed(onepool: Onepool): Promise<void>;
  /** A control call of one marketplace. */
  control(market: Market, method: "GET" | "PUT" | "POST", path: string, body?: unknown): Promise<unknown>;
  /** The order's id, or null when the marketplace refused the buyer. */
  buy(listing: MarketListing, quantity: number): Promise<string | null>;
  close(): Promise<void>;
}

/** Where the scenarios' sellers are. */
const MARKETPLACE_ID = "ATVPDKIKX0DER";

/** Amazon's own time, shortened so that a scenario does not wait for it; ours is told so by the connection's options. */
const AMAZON_PACE = {
  orderPollIntervalMs: 1_000,
  orderPollOverlapMs: 30_000,
  orderListLagMs: 300,
  writeAppliesWithinMs: 3_000,
  orderListsPerMinute: 240,
};

const saleSchema = z.object({ accepted: z.boolean(), orderId: z.coerce.string().optional() });

export async function buildTwoMarkets(databaseUrl: string, plan: MarketsPlan): Promise<TwoMarkets> {
  const clock = createSimulatorClock();
  const truth = new Truth(clock);
  const amazon = await startAmazonFor(plan, { clock, truth });
  const meli = await startMeliFor(plan, { clock, truth });
  const urls = { amazon: amazon.url, meli: meli.url };
  const servers: Onepool[] = [];
  const control: TwoMarkets["control"] = (market, method, path, body) =>
    callControl(`${urls[market]}/_sim/${path}`, method, body);
  await control("meli", "PUT", "physical", { groups: groupsOf(plan) });
  return {
    amazon,
    meli,
    truth,
    control,
    async startServer() {
      const environment = { DATABASE_URL: databaseUrl };
      const server = await startServerProcess({ dataFolder: "", key: API_KEY, environment });
      const onepool = { ...server, client: onepoolClient(server.url, server.key) };
      servers.push(onepool);
      return onepool;
    },
    seed: ({ client }) => seedOnepool(client, plan, { amazon, meli, control }),
    async buy({ market, listing }, quantity) {
      const answer = await control(market, "POST", "orders", { account: market, listing, quantity });
      const sale = saleSchema.parse(answer);
      return sale.accepted ? (sale.orderId ?? null) : null;
    },
    async close() {
      await Promise.all(servers.map((server) => server.stop()));
      await Promise.all([amazon.close(), meli.close()]);
      clock.close();
    },
  };
}

/** Every process of a scenario has the same key: a seller's own programs do not ask which one answers. */
const API_KEY = `opk_${"scenario".repeat(4)}`;

interface Shared {
  readonly clock: SimulatorClock;
  readonly truth: Truth;
}

function startAmazonFor(plan: MarketsPlan, shared: Shared): Promise<AmazonSimulator> {
  return startAmazon({
    ...shared,
    seed: plan.seed,
    accounts: [{ account: "amazon", marketplaceIds: [MARKETPLACE_ID], listings: listed(plan, "amazon") }],
    settings: {
      orderClosingGapMs: { min: 50, max: 1_500 },
      orderSearchLagMs: 200,
      notificationLatencyMs: { min: 20, max: 250 },
      writeApplyMs: { min: 10, max: 300 },
      writeTail: { share: 0.02, minMs: 300, maxMs: 2_000 },
      limits: { factor: plan.amazonRates, operations: { searchOrders: { rate: 4, burst: 20 } } },
    },
  });
}

function startMeliFor(plan: MarketsPlan, shared: Shared): Promise<MercadoLibreSimulator> {
  return startMercadoLibre({
    ...shared,
    seed: plan.seed,
    accounts: [{ account: "meli", siteId: "MLM", listings: listed(plan, "meli") }],
    settings: { orderClosingGapMs: { min: 50, max: 400 }, notificationLatencyMs: { min: 20, max: 150 } },
  });
}

/** The listings open with a number of the seller's own making: the first thing Onepool has to do is mend them. */
function listed({ listings }: MarketsPlan, wanted: Market) {
  return listings
    .filter(({ market }) => market === wanted)
    .map(({ listing }) => ({ listing, availableQuantity: 3 }));
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
  for (const [sku, units] of Object.entries(plan.stock)) {
    await client.put(`/v1/skus/${encodeURIComponent(sku)}`, {});
    const movement = { kind: "receipt", sku, location: "main", units, externalId: `opening/${sku}` };
    await client.post("/v1/movements", { movements: [movement] });
  }
  const since = new Date(markets.amazon.clock.now() - 1_000).toISOString();
  await client.put("/v1/connections/meli", { ...meliConnection(markets.meli), mode: "shadow", since });
  await client.put("/v1/connections/amazon", {
    ...amazonConnection(markets.amazon, plan.amazonNews),
    mode: "shadow",
    since,
  });
  for (const { market, listing, sku, unitsPerSale } of plan.listings)
    await client.put(`/v1/listings/${market}/${encodeURIComponent(listing)}`, {
      components: [{ sku, units: unitsPerSale }],
    });
  for (const market of ["amazon", "meli"] as const) {
    const { hookUrl } = await client.get(`/v1/connections/${market}`);
    const isPosted = market === "meli" || plan.amazonNews === "push";
    if (isPosted) await markets.control(market, "PUT", "accounts", { callbackUrl: String(hookUrl) });
    await client.put(`/v1/connections/${market}`, { mode: "live" });
  }
}

/** The connection's body for the MercadoLibre account, with the tokens it has now. */
function meliConnection({ url, tokenUrl, accounts: [account] }: MercadoLibreSimulator) {
  if (account === undefined) throw new Error("the simulator has an account");
  const { clientId, clientSecret, refreshToken, userId } = account;
  return {
    kind: "mercadolibre",
    baseUrl: url,
    tokenUrl,
    accountId: String(userId),
    credentials: { clientId, clientSecret, refreshToken },
    options: { orderPollIntervalMs: 1_000 },
  };
}

function amazonConnection(
  { url, tokenUrl, accounts: [account], sqs }: AmazonSimulator,
  news: MarketsPlan["amazonNews"],
) {
  if (account === undefined) throw new Error("the simulator has an account");
  const { clientId, clientSecret, refreshToken, sellerId } = account;
  const { endpoint: queueEndpoint, region: queueRegion, accessKeyId, secretAccessKey, queues } = sqs;
  const queueUrl = queues[0]?.queueUrl ?? "";
  const keys = { awsAccessKeyId: accessKeyId, awsSecretAccessKey: secretAccessKey };
  return {
    kind: "amazon",
    baseUrl: url,
    tokenUrl,
    accountId: `${sellerId}:${MARKETPLACE_ID}`,
    credentials: { clientId, clientSecret, refreshToken, ...(news === "queue" ? keys : {}) },
    options: {
      ...AMAZON_PACE,
      sellerId,
      marketplaceId: MARKETPLACE_ID,
      ...(news === "queue" ? { queueUrl, queueRegion, queueEndpoint } : {}),
    },
  };
}

async function callControl(url: string, method: string, body: unknown): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  // 409: a buyer came too late, which is no mistake of the scenario's.
  if (!answer.ok && answer.status !== 409)
    throw new Error(`${method} ${url} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}
