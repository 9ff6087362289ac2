import { setTimeout as delay } from "node:timers/promises";

import type { Connector, ListingReading } from "../../contract/connector.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { MemoryTokenVault } from "../../contract/testing/memory-token-vault.ts";
import { type SimulatorProcess, startSimulator } from "../../contract/testing/simulator-process.ts";
import { valueOf } from "../../contract/testing/value-of.ts";
import { mercadolibre } from "../connector.ts";

const clock = { now: () => Date.now() };

/** A simulated marketplace with sellers of every kind, and connectors to them. */
export interface MarketplaceBench {
  readonly simulator: SimulatorProcess;
  /** A connector to one account, with what is not every connection's. */
  open(account: string, settings?: object): Promise<Connector>;
  /** Sells at once; answers the order's id. */
  sell(listing: string, quantity: number): Promise<string>;
  /** What happens to an order: pay, cancel, ship, deliver, split … */
  act(orderId: string, name: string, body?: object): Promise<unknown>;
}

export async function startMarketplace(accounts: readonly object[]): Promise<MarketplaceBench> {
  const simulator = await startSimulator("mercadolibre", 3);
  await simulator.control("PUT", "/_sim/settings", {
    userProductSpreadMs: { min: 0, max: 0 },
    salesBumpVersion: true,
  });
  await simulator.control("PUT", "/_sim/accounts", {
    apps: [{ app: "deaf", topics: ["orders_v2", "items"], callbackUrl: "http://127.0.0.1:9/" }],
    accounts,
  });
  return {
    simulator,
    open: (account, settings = {}) => openConnector(simulator, account, settings),
    async sell(listing, quantity) {
      const sale = { listing, quantity, closingGapMs: 0 };
      return String((await simulator.control("POST", "/_sim/orders", sale))["orderId"]);
    },
    act: (orderId, name, body = {}) => simulator.control("POST", `/_sim/orders/${orderId}/${name}`, body),
  };
}

/** Every connector spends refresh tokens, so the one in force is asked for each time. */
async function openConnector(
  simulator: SimulatorProcess,
  name: string,
  settings: object,
): Promise<Connector> {
  const described = (await simulator.control("GET", "/_sim/accounts")) as unknown as SimulatorProcess;
  const account = described.accounts.find((one) => one.account === name);
  if (account === undefined) throw new Error(`the simulator has the account ${name}`);
  const { clientId, clientSecret, refreshToken, userId } = account;
  const { url: baseUrl, tokenUrl } = simulator;
  return valueOf(
    mercadolibre.connect({
      connection: name,
      settings: { baseUrl, tokenUrl, accountId: userId, ...settings },
      credentials: { clientId, clientSecret },
      tokens: new MemoryTokenVault(refreshToken, clock),
      clock,
    }),
  );
}

export async function readOne(connector: Connector, externalId: string): Promise<Outcome<ListingReading>> {
  const [reading] = await connector.readListings([externalId]);
  if (reading === undefined) throw new Error("there is one reading per id asked for");
  return reading;
}

export async function shown(connector: Connector, externalId: string): Promise<number> {
  return valueOf(await readOne(connector, externalId)).quantity;
}

/** Asks until the answer is as wanted; a test that waits in vain is ended by its own limit. */
export async function until<Value>(
  ask: () => Promise<Value>,
  isDone: (value: Value) => boolean,
): Promise<Value> {
  for (;;) {
    const value = await ask();
    if (isDone(value)) return value;
    await delay(50);
  }
}
