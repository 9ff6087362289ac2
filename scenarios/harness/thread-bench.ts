// Two simulated MercadoLibre accounts that sell the same units, and Onepool between them: HTTP on both sides, PostgreSQL underneath.
import { mercadolibre } from "@onepool/connectors/mercadolibre/connector.ts";
import type { SightPolicy } from "@onepool/core/intake/judge-sight.ts";
import type { Command } from "@onepool/core/ledger/command.ts";
import { sealed } from "@onepool/server/auth/secret-box.ts";
import { startChannels } from "@onepool/server/connections/start-channels.ts";
import { createSeller } from "@onepool/server/ledger/create-seller.ts";
import { type Ledger, openLedger } from "@onepool/server/ledger/ledger.ts";
import { createLog } from "@onepool/server/log/log.ts";
import type { TestDatabase } from "@onepool/server/testing/test-database.ts";
import { waitUntil } from "@onepool/server/testing/wait-until.ts";
import { startMercadoLibre, type MercadoLibreSimulator } from "@onepool/simulators/mercadolibre/start.ts";
import { fastify } from "fastify";

/** What a listing sells, on which account. */
export interface BenchListing {
  readonly account: string;
  readonly listing: string;
  readonly variation?: number;
  readonly sku: string;
  readonly unitsPerSale: number;
}

export interface BenchPlan {
  readonly seed: number;
  /** Opening stock per SKU. */
  readonly stock: Readonly<Record<string, number>>;
  readonly listings: readonly BenchListing[];
  readonly orderPollIntervalMs: number;
  /** When a channel counts as not seen, where a test cannot wait for it. */
  readonly sight?: { readonly policy: SightPolicy; readonly everyMs: number };
}

/** One Onepool process: a ledger, the channel workers and the address of their notifications. */
export interface BenchProcess {
  readonly ledger: Ledger;
  readonly hookUrl: string;
  close(): Promise<void>;
}

export interface ThreadBench {
  readonly simulator: MercadoLibreSimulator;
  readonly sellerId: number;
  /** Another process on the same database. */
  startProcess(): Promise<BenchProcess>;
  /** Connects the accounts, counts the stock, maps the listings and goes live. */
  seed(process: BenchProcess): Promise<void>;
  control(method: "PUT" | "POST", path: string, body: unknown): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

const clock = { now: () => Date.now() };
const SECRET = "a-hook-secret-nobody-guesses";
const secretBox = sealed("s".repeat(32));

function externalIdOf({ listing, variation }: BenchListing): string {
  return variation === undefined ? listing : `${listing}:${variation}`;
}

export async function buildThreadBench(database: TestDatabase, plan: BenchPlan): Promise<ThreadBench> {
  const log = createLog({ level: process.env["BENCH_LOG"] === undefined ? "silent" : "debug" });
  const simulator = await startMercadoLibre({
    seed: plan.seed,
    accounts: accountsOf(plan),
    // Short, so that a test does not wait for what is the marketplace's own time.
    settings: { orderClosingGapMs: { min: 50, max: 400 }, notificationLatencyMs: { min: 20, max: 150 } },
  });
  const control = async (method: string, path: string, body: unknown): Promise<Record<string, unknown>> => {
    const answer = await fetch(new URL(path, simulator.url), {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return (await answer.json()) as Record<string, unknown>;
  };
  const { sellerId } = await createSeller(database.pool, { code: "bench", name: "Bench", timeZone: "UTC" });
  const processes = new Set<BenchProcess>();
  return {
    simulator,
    sellerId,
    control,
    async startProcess() {
      const started = await startProcess(database, log, plan);
      const process = { ...started, close: () => closeOnce(processes, process, started) };
      processes.add(process);
      return process;
    },
    async seed({ ledger, hookUrl }) {
      await submit(ledger, sellerId, seedCommands(simulator, plan));
      // Notifications of accounts that are not known yet are refused; the first poll asks who they are.
      await waitUntil(async () => {
        const { rowCount } = await database.pool.query("select from channel_account where seller_id = $1", [
          sellerId,
        ]);
        return rowCount === simulator.accounts.length;
      });
      await control("PUT", "/_sim/accounts", { callbackUrl: hookUrl });
      await control("PUT", "/_sim/physical", { groups: groupsOf(plan) });
    },
    async close() {
      for (const process of processes) await process.close();
      await simulator.close();
    },
  };
}

async function closeOnce(
  processes: Set<BenchProcess>,
  process: BenchProcess,
  started: BenchProcess,
): Promise<void> {
  if (processes.delete(process)) await started.close();
}

async function startProcess(
  database: TestDatabase,
  log: ReturnType<typeof createLog>,
  { orderPollIntervalMs, sight }: BenchPlan,
): Promise<BenchProcess> {
  const ledger = openLedger({ pool: database.openPool({ max: 4, pipeline: true }), clock, log });
  const channels = startChannels({
    database,
    ledger,
    secretBox,
    kinds: [mercadolibre],
    clock,
    log,
    orderPollIntervalMs,
    ...(sight === undefined ? {} : { sight }),
  });
  // The simulator keeps its connections open for more.
  const app = fastify({ forceCloseConnections: true });
  await app.register(channels.hooks);
  const base = await app.listen({ port: 0, host: "127.0.0.1" });
  return {
    ledger,
    hookUrl: `${base}/hooks/mercadolibre/${SECRET}`,
    async close() {
      await app.close();
      await channels.close();
      await ledger.close();
    },
  };
}

export async function submit(ledger: Ledger, sellerId: number, commands: readonly Command[]): Promise<void> {
  const answer = await ledger.submit({ sellerId, commands });
  if (answer.kind !== "done") throw new Error(`the ledger answers: ${answer.kind}`);
  const refused = answer.results.find((result) => !result.ok);
  if (refused !== undefined) throw new Error(`a command was refused: ${JSON.stringify(refused)}`);
}

/** Connects an account with the tokens it has, as a seller does the first time and after losing access. */
export function connectAccount(
  simulator: Pick<MercadoLibreSimulator, "url" | "tokenUrl">,
  account: MercadoLibreSimulator["accounts"][number],
): Command {
  const { account: code, clientId, clientSecret, refreshToken } = account;
  const credentials = secretBox
    .seal(JSON.stringify({ clientId, clientSecret, refreshToken }))
    .toString("base64");
  const settings = { baseUrl: simulator.url, tokenUrl: simulator.tokenUrl, hookSecret: SECRET };
  return {
    kind: "put_connection",
    code,
    connectionKind: "mercadolibre",
    mode: "live",
    settings,
    credentials,
  };
}

function seedCommands(simulator: MercadoLibreSimulator, { stock, listings }: BenchPlan): Command[] {
  return [
    ...Object.keys(stock).map((sku): Command => ({ kind: "put_sku", sku, attributes: {} })),
    ...Object.entries(stock).map(([sku, units]): Command => ({
      kind: "movement",
      movement: "receipt",
      sku,
      location: "main",
      units,
      externalId: `opening/${sku}`,
    })),
    ...simulator.accounts.map((account) => connectAccount(simulator, account)),
    ...listings.map((listing): Command => ({
      kind: "put_listing",
      connection: listing.account,
      externalId: externalIdOf(listing),
      components: [{ sku: listing.sku, units: listing.unitsPerSale }],
    })),
  ];
}

/** The listings open with a number of the seller's own making: the first thing Onepool has to do is mend them. */
function accountsOf({ listings }: BenchPlan) {
  const accounts = Map.groupBy(listings, ({ account }) => account);
  return [...accounts].map(([account, its]) => ({
    account,
    siteId: "MLM" as const,
    listings: [...Map.groupBy(its, ({ listing }) => listing)].map(([listing, offers]) => ({
      listing,
      ...(offers[0]?.variation === undefined
        ? { availableQuantity: 3 }
        : {
            availableQuantity: 0,
            variations: offers.map(({ variation = 0 }) => ({ variation, availableQuantity: 3 })),
          }),
    })),
  }));
}

function groupsOf({ stock, listings }: BenchPlan) {
  return Object.entries(stock).map(([id, units]) => ({
    id,
    units,
    listings: listings
      .filter(({ sku }) => sku === id)
      .map(({ account, listing, variation, unitsPerSale }) => ({
        account,
        listing,
        variation: variation ?? null,
        unitsPerSale,
      })),
  }));
}
