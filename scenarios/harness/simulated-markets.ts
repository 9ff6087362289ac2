// An Amazon and a MercadoLibre account with one clock and one truth, as everything that plays both at once begins.
import type { AccountSetup as AmazonAccount } from "@onepool/simulators/amazon/account-setup.ts";
import { type AmazonOptions, type AmazonSimulator, startAmazon } from "@onepool/simulators/amazon/start.ts";
import type { AccountSetup as MeliAccount } from "@onepool/simulators/mercadolibre/account-setup.ts";
import {
  type MercadoLibreOptions,
  type MercadoLibreSimulator,
  startMercadoLibre,
} from "@onepool/simulators/mercadolibre/start.ts";
import { createSimulatorClock } from "@onepool/simulators/simulator-clock.ts";
import { Truth } from "@onepool/simulators/truth/truth.ts";
import { z } from "zod";

/** A market's code is its connection's and its account's. */
export type Market = "amazon" | "meli";

/** Where the simulated sellers are. */
const MARKETPLACE_ID = "ATVPDKIKX0DER";
const SITE_ID = "MLM";

export interface MarketsSetup {
  readonly seed: number;
  /** The marketplaces' time at the beginning, in milliseconds since 1970. It runs as fast as ours. */
  readonly startAt: number;
  readonly amazon: Pick<AmazonOptions, "settings" | "faults"> & Pick<AmazonAccount, "listings">;
  readonly meli: Pick<MercadoLibreOptions, "settings" | "faults"> & Pick<MeliAccount, "listings">;
  /** The units that really exist, and who sells them. */
  readonly groups: readonly {
    readonly id: string;
    readonly units: number;
    readonly listings: readonly {
      readonly account: Market;
      readonly listing: string;
      readonly unitsPerSale: number;
    }[];
  }[];
}

/** How Amazon tells: into its queue, or posted to us. */
export type AmazonNews = "queue" | "push";

export interface SimulatedMarkets {
  readonly amazon: AmazonSimulator;
  readonly meli: MercadoLibreSimulator;
  readonly truth: Truth;
  /** A control call of one marketplace. */
  readonly control: (
    market: Market,
    method: "GET" | "PUT" | "POST",
    path: string,
    body?: unknown,
  ) => Promise<unknown>;
  /** The order's id, or null when the marketplace refused the buyer. */
  buy(market: Market, listing: string, quantity: number): Promise<string | null>;
  close(): Promise<void>;
}

const saleSchema = z.object({ accepted: z.boolean(), orderId: z.coerce.string().optional() });

export async function startMarkets(setup: MarketsSetup): Promise<SimulatedMarkets> {
  const { seed, startAt, groups } = setup;
  const clock = createSimulatorClock({ startAt });
  const truth = new Truth(clock);
  const { listings: skus = [], ...amazonOptions } = setup.amazon;
  const { listings: items = [], ...meliOptions } = setup.meli;
  const shared = { seed, clock, truth };
  const amazon = await startAmazon({
    ...shared,
    ...amazonOptions,
    accounts: [{ account: "amazon", marketplaceIds: [MARKETPLACE_ID], listings: skus }],
  });
  const meli = await startMercadoLibre({
    ...shared,
    ...meliOptions,
    accounts: [{ account: "meli", siteId: SITE_ID, listings: items }],
  });
  const urls = { amazon: amazon.url, meli: meli.url };
  const control: SimulatedMarkets["control"] = (market, method, path, body) =>
    callControl(`${urls[market]}/_sim/${path}`, method, body);
  await control("meli", "PUT", "physical", { groups });
  return {
    amazon,
    meli,
    truth,
    control,
    async buy(market, listing, quantity) {
      const sale = saleSchema.parse(
        await control(market, "POST", "orders", { account: market, listing, quantity }),
      );
      return sale.accepted ? (sale.orderId ?? null) : null;
    },
    async close() {
      await Promise.all([amazon.close(), meli.close()]);
      clock.close();
    },
  };
}

/** The connection's body for the MercadoLibre account, with the tokens it had at the start. */
export function meliConnection(
  { url, tokenUrl, accounts: [account] }: MercadoLibreSimulator,
  options: Readonly<Record<string, number>>,
) {
  if (account === undefined) throw new Error("the simulator has an account");
  const { clientId, clientSecret, refreshToken, userId } = account;
  return {
    kind: "mercadolibre",
    baseUrl: url,
    tokenUrl,
    accountId: String(userId),
    credentials: { clientId, clientSecret, refreshToken },
    options,
  };
}

/** The connection's body for the Amazon account. */
export function amazonConnection(
  { url, tokenUrl, accounts: [account], sqs }: AmazonSimulator,
  { news, options }: { readonly news: AmazonNews; readonly options: Readonly<Record<string, number>> },
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
      ...options,
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
  // 409: a buyer came too late, which is no mistake of the caller's.
  if (!answer.ok && answer.status !== 409)
    throw new Error(`${method} ${url} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}
