import type { KeeperFact } from "@onepool/connectors/contract/keeper/keeper-fact.ts";
import type { Command } from "@onepool/core/ledger/command.ts";
import { afterEach, beforeEach, expect, test } from "vitest";

import { addSeller, clock, silentLog, tell, testLedger } from "../../connections/testing/channel-seller.ts";
import { testDatabase } from "../../testing/test-database.ts";
import { waitUntil } from "../../testing/wait-until.ts";
import { storeFacts } from "./keeper-fact-store.ts";
import { WaitingFacts } from "./waiting-facts.ts";

const database = await testDatabase();
const { pool } = database;
const ledger = testLedger(database);
const works = database.openPool({ max: 2 });

let sellerId = 0;
let nth = 0;
let waiting: WaitingFacts | undefined;
let due = 0;

const WAREHOUSE: Command = {
  kind: "put_connection",
  code: "wh",
  connectionKind: "plain",
  mode: "live",
  settings: {},
};

beforeEach(async () => {
  nth += 1;
  due = 0;
  sellerId = await addSeller(pool, `seller-${nth}`);
  await tell(ledger, sellerId, WAREHOUSE);
  const at = { occurredAt: 0, item: "A", facility: "F1" };
  const facts: KeeperFact[] = [
    { kind: "adjustment", factId: "a", ...at, sellable: -1, held: 0, reason: "lost" },
    { kind: "pick", factId: "p", ...at, keeperOrderId: "1", units: 1 },
  ];
  const origin = { sellerId, code: "wh", way: "delivery", deliveryId: null, receivedAt: Date.now() } as const;
  await storeFacts(pool, origin, facts);
  await pool.query("update keeper_fact set state = 'waiting', next_attempt_at = now() + interval '1 hour'");
  waiting = new WaitingFacts({
    pool: works,
    ledger,
    kinds: ["plain"],
    clock,
    log: silentLog,
    onDue: () => (due += 1),
  });
  const followed = () =>
    pool.query("select from follower where seller_id = $1 and name = 'keeper_facts'", [sellerId]);
  await waitUntil(async () => (await followed()).rowCount === 1);
});
afterEach(async () => waiting?.close());

async function dueNow(): Promise<string[]> {
  const { rows } = await pool.query<{ fact_id: string }>(
    "select fact_id from keeper_fact where seller_id = $1 and next_attempt_at <= now() order by 1",
    [sellerId],
  );
  return rows.map(({ fact_id: id }) => id);
}

async function caughtUp(): Promise<void> {
  await waitUntil(async () => {
    const { rowCount } = await pool.query(
      `select from follower f join head h on h.seller_id = f.seller_id and h.seq = f.seq
       where f.seller_id = $1 and f.name = 'keeper_facts'`,
      [sellerId],
    );
    return rowCount === 1;
  });
}

test.each<[string, Command, string[]]>([
  ["a SKU", { kind: "put_sku", sku: "A", attributes: {} }, ["a", "p"]],
  ["a setting", { ...WAREHOUSE, settings: { locations: { F1: "main" } } }, ["a", "p"]],
  [
    "an order, for what is told of orders",
    {
      kind: "order",
      source: "api",
      order: {
        channel: "web",
        orderId: "A-1",
        status: "paid",
        lines: [{ lineId: "1", sku: "A", quantity: 1 }],
      },
    },
    ["p"],
  ],
])("facts that wait are tried again when there is %s", async (_, command, expected) => {
  expect(await dueNow()).toEqual([]);
  await tell(ledger, sellerId, command);
  await caughtUp();
  expect(await dueNow()).toEqual(expected);
  expect(due).toBeGreaterThan(0);
});

test("[I10] another seller's changes make nothing due", async () => {
  await tell(ledger, await addSeller(pool, `other-${nth}`), WAREHOUSE, {
    kind: "put_sku",
    sku: "A",
    attributes: {},
  });
  await caughtUp();
  expect(await dueNow()).toEqual([]);
});

test("snapshots are forgotten a week after they were worked on, other facts never", async () => {
  await waiting?.close();
  const snapshot = { kind: "snapshot", asOf: { from: 0, to: 0 }, scope: "full", lines: [] } as const;
  const origin = { sellerId, code: "wh", way: "levels", deliveryId: null, receivedAt: Date.now() } as const;
  await storeFacts(pool, origin, [
    { ...snapshot, factId: "old" },
    { ...snapshot, factId: "young" },
    { ...snapshot, factId: "open" },
  ]);
  await pool.query(
    `update keeper_fact set done_at = now() - case fact_id when 'young' then interval '6 days' else interval '8 days' end,
       state = 'done' where fact_id <> 'open' and seller_id = $1`,
    [sellerId],
  );
  waiting = new WaitingFacts({
    pool: works,
    ledger,
    kinds: ["plain"],
    clock,
    log: silentLog,
    onDue: () => {},
  });
  const left = async () =>
    (
      await pool.query<{ fact_id: string }>(
        "select fact_id from keeper_fact where seller_id = $1 order by 1",
        [sellerId],
      )
    ).rows.map(({ fact_id: id }) => id);
  await waitUntil(async () => !(await left()).includes("old"));
  expect(await left()).toEqual(["a", "open", "p", "young"]);
});
