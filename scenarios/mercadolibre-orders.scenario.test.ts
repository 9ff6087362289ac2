// Orders of MercadoLibre from the marketplace to the ledger: split packs, and items that share their stock.
import {
  type SimulatorProcess,
  startSimulator,
} from "@onepool/connectors/contract/testing/simulator-process.ts";
import { mercadolibre } from "@onepool/connectors/mercadolibre/connector.ts";
import { ConnectionRegistry } from "@onepool/server/connections/connection-registry.ts";
import {
  addSeller,
  clock,
  connection,
  listing,
  receipt,
  secretBox,
  tell,
  testLedger,
} from "@onepool/server/connections/testing/channel-seller.ts";
import { takeOrder } from "@onepool/server/intake/order-intake.ts";
import { readAvailability } from "@onepool/server/ledger/read/availability-store.ts";
import { poolNumbers } from "@onepool/server/ledger/read/pool-numbers.ts";
import { openReader } from "@onepool/server/ledger/read/reader.ts";
import { testDatabase } from "@onepool/server/testing/test-database.ts";
import { waitUntil } from "@onepool/server/testing/wait-until.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

const database = await testDatabase();
const { pool } = database;
const ledger = testLedger(database);
const registry = new ConnectionRegistry({ pool, secretBox, clock, kinds: [mercadolibre] });
const reader = openReader(pool);

const STOCK = 10;
const SOLD = 3;

let simulator: SimulatorProcess;
let sellerId = 0;
let sellers = 0;

beforeAll(async () => {
  simulator = await startSimulator("mercadolibre", 13);
  const listings = [
    { listing: "MLM1000000001", availableQuantity: 500, userProductId: "MLMU100" },
    { listing: "MLM1000000002", availableQuantity: 500, userProductId: "MLMU200" },
  ];
  await simulator.control("PUT", "/_sim/accounts", { accounts: [{ account: "mx-1", listings }] });
});

afterAll(() => simulator.stop());

beforeEach(async () => {
  sellers += 1;
  sellerId = await addSeller(pool, `seller-${sellers}`);
  const described = (await simulator.control("GET", "/_sim/accounts")) as unknown as SimulatorProcess;
  const account = described.accounts.find((one) => one.account === "mx-1");
  if (account === undefined) throw new Error("the simulator has the account mx-1");
  const { clientId, clientSecret, refreshToken, userId } = account;
  const settings = { baseUrl: simulator.url, tokenUrl: simulator.tokenUrl, accountId: String(userId) };
  await tell(
    ledger,
    sellerId,
    { kind: "put_sku", sku: "KB-M", attributes: {} },
    receipt("KB-M", STOCK),
    connection("meli", settings, { clientId, clientSecret, refreshToken }),
    // The stock behind the item that orders name.
    listing("meli", "MLMU100", "KB-M"),
  );
});

async function take(orderId: string) {
  const open = await registry.open(sellerId, "meli");
  if (open === null) throw new Error("the connection is there");
  return takeOrder({ pool, ledger, clock }, open, orderId);
}

/** Available real after every entry so far, oldest first. */
async function availableThroughout(): Promise<number[]> {
  const { headSeq } = await readAvailability(reader, { sellerId, sku: "KB-M", at: null });
  const throughout: number[] = [];
  for (let at = 1; at <= headSeq; at++) {
    const { sku } = await readAvailability(reader, { sellerId, sku: "KB-M", at });
    if (sku !== null) throughout.push(poolNumbers(sku.balances).available);
  }
  return throughout;
}

async function sellAndSplit(gapMs: number): Promise<string> {
  const sale = { listing: "MLM1000000001", quantity: SOLD, closingGapMs: 0 };
  const orderId = String((await simulator.control("POST", "/_sim/orders", sale))["orderId"]);
  expect(await take(orderId)).toMatchObject({ kind: "recorded" });
  await simulator.control("POST", `/_sim/orders/${orderId}/split`, { gapMs });
  return orderId;
}

/** The orders that a split made, once they are there. */
async function heirsOf(orderId: string): Promise<string[]> {
  let heirs: string[] = [];
  await waitUntil(async () => {
    const { orders } = await simulator.control("GET", `/_sim/orders?after=${orderId}`);
    heirs = (orders as { orderId: number }[]).map((order) => String(order.orderId));
    return heirs.length === 2;
  });
  return heirs;
}

async function expectNeverFree(): Promise<void> {
  const throughout = await availableThroughout();
  const sold = throughout.slice(throughout.indexOf(STOCK - SOLD));
  expect(sold.length).toBeGreaterThan(1);
  expect(Math.max(...sold)).toBe(STOCK - SOLD);
  expect(sold.at(-1)).toBe(STOCK - SOLD);
}

describe("the units of a split pack", () => {
  it("pass over in one go when the old order is read before the new ones are there", async () => {
    const orderId = await sellAndSplit(300);
    const early = await take(orderId);
    expect(early).toMatchObject({ reading: { report: { status: "paid" } } });
    await heirsOf(orderId);
    await waitUntil(async () => {
      const taken = await take(orderId);
      return taken.kind === "recorded" && taken.reading.report.status === "cancelled";
    });
    await expectNeverFree();
  });

  it("are claimed twice for a moment when the new orders are read first, and never free", async () => {
    const orderId = await sellAndSplit(0);
    for (const heir of await heirsOf(orderId)) expect(await take(heir)).toMatchObject({ kind: "recorded" });
    expect((await availableThroughout()).at(-1)).toBe(STOCK - 2 * SOLD);
    expect(await take(orderId)).toMatchObject({ reading: { report: { status: "cancelled" } } });
    await expectNeverFree();
  });

  it("stay claimed when the new orders are cancelled one by one, until each is", async () => {
    const orderId = await sellAndSplit(0);
    const heirs = await heirsOf(orderId);
    await take(orderId);
    await simulator.control("POST", `/_sim/orders/${heirs[0]}/cancel`, {});
    for (const id of [orderId, ...heirs]) await take(id);
    const throughout = await availableThroughout();
    const left = throughout.at(-1) ?? Number.NaN;
    expect(left).toBeGreaterThan(STOCK - SOLD);
    expect(left).toBeLessThan(STOCK);
  });
});

describe("a sale of an item that nobody mapped", () => {
  const sellUnmapped = async (): Promise<string> => {
    const sale = { listing: "MLM1000000002", quantity: SOLD, closingGapMs: 0 };
    return String((await simulator.control("POST", "/_sim/orders", sale))["orderId"]);
  };

  it("is looked at again, and posted when the stock behind it is mapped", async () => {
    const orderId = await sellUnmapped();
    const unmapped = await take(orderId);
    expect(unmapped).toMatchObject({ kind: "recorded", reading: { readAgainAfterMs: 60_000 } });
    expect((await availableThroughout()).at(-1)).toBe(STOCK);
    await tell(ledger, sellerId, listing("meli", "MLMU200", "KB-M"));
    expect(await take(orderId)).toMatchObject({ kind: "recorded", reading: { readAgainAfterMs: null } });
    expect((await availableThroughout()).at(-1)).toBe(STOCK - SOLD);
    await simulator.control("POST", `/_sim/orders/${orderId}/cancel`, {});
    await take(orderId);
    expect((await availableThroughout()).at(-1)).toBe(STOCK);
  });

  it("is posted at once when the item itself is mapped", async () => {
    const orderId = await sellUnmapped();
    await take(orderId);
    await tell(ledger, sellerId, listing("meli", "MLM1000000002", "KB-M"));
    expect((await availableThroughout()).at(-1)).toBe(STOCK - SOLD);
    await take(orderId);
    expect((await availableThroughout()).at(-1)).toBe(STOCK - SOLD);
  });
});
