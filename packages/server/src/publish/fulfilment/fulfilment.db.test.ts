// Orders and deliveries given to a keeper that answers: its simulator, over HTTP.
import { startSimulator } from "@onepool/connectors/contract/testing/simulator-process.ts";
import { shipbob } from "@onepool/connectors/shipbob/connector.ts";
import type { Command } from "@onepool/core/ledger/command.ts";
import type { OrderReport } from "@onepool/core/ledger/order-record.ts";
import { afterAll, beforeAll, expect, test } from "vitest";

import { KeeperRegistry } from "../../connections/keeper-registry.ts";
import {
  addSeller,
  clock,
  secretBox,
  silentLog,
  tell,
  testLedger,
} from "../../connections/testing/channel-seller.ts";
import { testDatabase } from "../../testing/test-database.ts";
import { waitUntil } from "../../testing/wait-until.ts";
import { Fulfilment } from "./fulfilment.ts";
import { keepShipTo, retryKeeperOrder } from "./ship-to-store.ts";

const database = await testDatabase();
const { pool } = database;
const ledger = testLedger(database);
const simulator = await startSimulator("shipbob", 5);
afterAll(() => simulator.stop());

interface Account {
  readonly token: string;
  readonly facilities: readonly { readonly id: number; readonly name: string }[];
}

const account = (await simulator.control("GET", "/_sim/account")) as unknown as Account;
const facility = account.facilities[0] ?? { id: 0, name: "" };

const ADDRESS = {
  name: "Ana López",
  address1: "Av. Insurgentes Sur 1602",
  city: "Ciudad de México",
  region: "CDMX",
  postalCode: "03940",
  country: "MX",
};

let sellerId = 0;
let updates = 0;

beforeAll(async () => {
  sellerId = await addSeller(pool, "first");
  await told(
    { kind: "put_sku", sku: "KB-S", attributes: {} },
    { kind: "put_sku", sku: "KB-M", attributes: {} },
  );
  await told(receipt("KB-S"), receipt("KB-M"), {
    kind: "put_connection",
    code: "bob",
    connectionKind: "shipbob",
    mode: "live",
    since: clock.now() - 60_000,
    settings: {
      baseUrl: simulator.url,
      locations: { [facility.id]: "main" },
      channelId: 101,
      sendsOrders: ["web"],
    },
    credentials: secretBox.seal(JSON.stringify({ accessToken: account.token })).toString("base64"),
  });
  // Two of them: as two processes would be on one database.
  const two = [1, 2].map(() => {
    const registry = new KeeperRegistry({ pool, secretBox, clock, kinds: [shipbob] });
    return new Fulfilment({ pool, registry, ledger, secretBox, clock, log: silentLog });
  });
  afterAll(() => Promise.all(two.map((one) => one.close())));
});

function receipt(sku: string): Command {
  return {
    kind: "movement",
    movement: "receipt",
    sku,
    location: "main",
    units: 40,
    externalId: `opening/${sku}`,
  };
}

function told(...commands: readonly Command[]): Promise<void> {
  return tell(ledger, sellerId, ...commands);
}

async function order(
  orderId: string,
  report: Partial<OrderReport> & Pick<OrderReport, "lines">,
): Promise<void> {
  updates += 1;
  const updatedAt = clock.now() + updates;
  await told({
    kind: "order",
    source: "channel",
    order: { channel: "web", orderId, status: "paid", updatedAt, ...report },
  });
}

async function address(orderId: string): Promise<readonly string[] | null> {
  const sealed = secretBox.seal(JSON.stringify(ADDRESS));
  return keepShipTo(pool, { sellerId, channel: "web", orderId }, { address: sealed, now: clock.now() });
}

interface Row {
  readonly reference: string;
  readonly state: string;
  readonly error: string | null;
}

async function given(orderId: string): Promise<Row[]> {
  const { rows } = await pool.query<Row>(
    "select reference, state, error from keeper_order where seller_id = $1 and order_id = $2 order by created_at, reference",
    [sellerId, orderId],
  );
  return rows;
}

/** Resolves once what keepers were given of an order is in these states, oldest first. */
function untilGiven(orderId: string, ...states: readonly string[]): Promise<void> {
  return waitUntil(async () => (await given(orderId)).map(({ state }) => state).join() === states.join());
}

/** What the keeper itself has. */
async function atKeeper(): Promise<Map<string, string>> {
  const { orders } = (await simulator.control("GET", "/_sim/orders")) as unknown as {
    readonly orders: readonly { referenceId: string; worldId: string; statuses: { order: string } }[];
  };
  return new Map(orders.map(({ referenceId, worldId }) => [referenceId, worldId]));
}

async function alerts(): Promise<string[]> {
  const { rows } = await pool.query<{ told: string }>(
    "select kind || ' ' || subject as told from alert where seller_id = $1 and resolved_at is null order by 1",
    [sellerId],
  );
  return rows.map(({ told: one }) => one);
}

const one = (sku: string, quantity: number, cancelled = 0) => ({ lineId: sku, sku, quantity, cancelled });

test("a paid order is given once, also by two processes, once it is said where it goes", async () => {
  await order("A-1", { status: "pending", lines: [one("KB-S", 2)] });
  await order("A-1", { lines: [one("KB-S", 2)] });
  await untilGiven("A-1", "refused");
  expect((await given("A-1"))[0]?.error).toContain("address");
  expect(await alerts()).toEqual(["fulfilment_refused web/A-1"]);
  expect(await address("A-1")).toHaveLength(1);
  await untilGiven("A-1", "sent");
  expect(await alerts()).toEqual([]);
  const [{ reference } = { reference: "" }] = await given("A-1");
  expect([...(await atKeeper()).keys()]).toEqual([reference]);
  expect(await retryKeeperOrder(pool, { sellerId, reference }, clock.now())).toBe("sent");
});

test("what is cancelled is taken back, and what is left of it given anew", async () => {
  await order("A-2", { lines: [one("KB-S", 1), one("KB-M", 3)] });
  await address("A-2");
  await untilGiven("A-2", "sent");
  await order("A-2", { lines: [one("KB-S", 1), one("KB-M", 3, 2)] });
  await untilGiven("A-2", "cancelled", "sent");
  await order("A-2", { status: "cancelled", lines: [one("KB-S", 1, 1), one("KB-M", 3, 3)] });
  await untilGiven("A-2", "cancelled", "cancelled");
});

test("an order that left all the same is told as such", async () => {
  await order("A-3", { lines: [one("KB-S", 1)] });
  await address("A-3");
  await untilGiven("A-3", "sent");
  const [{ reference } = { reference: "" }] = await given("A-3");
  const id = (await atKeeper()).get(reference);
  for (const step of ["pick", "pack", "ship"])
    await simulator.control("POST", `/_sim/warehouse/${step}`, { id });
  await order("A-3", { status: "cancelled", lines: [one("KB-S", 1, 1)] });
  await untilGiven("A-3", "too_late");
  expect(await alerts()).toEqual(["fulfilment_too_late web/A-3"]);
});

test("an order that must not ship waits, and one placed before the cut-over is not given at all", async () => {
  await order("A-4", { doNotShip: true, lines: [one("KB-S", 1)] });
  await order("A-5", { placedAt: clock.now() - 3_600_000, lines: [one("KB-S", 1)] });
  await order("A-6", { lines: [one("KB-S", 1)] });
  await waitUntil(async () => (await given("A-6")).length === 1);
  expect([await given("A-4"), await given("A-5")]).toEqual([[], []]);
  await order("A-4", { doNotShip: false, lines: [one("KB-S", 1)] });
  await waitUntil(async () => (await given("A-4")).length === 1);
});

test("[I3] an order of which the answer was lost is not given twice", async () => {
  const before = (await atKeeper()).size;
  const rule = { kind: "droppedAfterApply", endpoint: "POST /order", times: 1 };
  await simulator.control("PUT", "/_sim/faults", { api: [rule] });
  await order("A-7", { lines: [one("KB-M", 1)] });
  await address("A-7");
  await untilGiven("A-7", "sent");
  expect((await atKeeper()).size).toBe(before + 1);
});

test("a delivery is announced, and taken back when it is cancelled", async () => {
  const lines = [{ sku: "KB-M", units: 6 }];
  const inbound = {
    kind: "put_inbound",
    inboundId: "PO-1",
    location: "main",
    expectedAt: null,
    lines,
  } as const;
  await told({ ...inbound, status: "announced" });
  const state = async () => {
    const { rows } = await pool.query<{ state: string }>(
      "select state from keeper_inbound where seller_id = $1",
      [sellerId],
    );
    return rows.map((row) => row.state).join();
  };
  await waitUntil(async () => (await state()) === "sent");
  await told({ ...inbound, status: "cancelled" });
  await waitUntil(async () => (await state()) === "cancelled");
});
