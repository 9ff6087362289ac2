import type { Connector, ConnectorKind } from "@onepool/connectors/contract/connector.ts";
import { mercadolibre } from "@onepool/connectors/mercadolibre/connector.ts";
import { beforeEach, expect, it } from "vitest";

import { sealed } from "../auth/secret-box.ts";
import { ConnectionRegistry } from "../connections/connection-registry.ts";
import { inTransaction } from "../connections/in-transaction.ts";
import {
  addSeller,
  clock,
  connection,
  listing,
  receipt,
  silentLog,
  tell,
  testLedger,
} from "../connections/testing/channel-seller.ts";
import { LatencyRecorder } from "../observe/latency-recorder.ts";
import { ObservationLog } from "../observe/observation-log.ts";
import { testDatabase } from "../testing/test-database.ts";
import { claimWrite } from "./claim-write.ts";
import { readDue } from "./due-store.ts";
import { followLedger } from "./follow-store.ts";
import type { LaneContext } from "./lane-context.ts";
import { planRound } from "./plan-round.ts";
import { publishMetrics } from "./publish-metrics.ts";

const database = await testDatabase();
const ledger = testLedger(database);
const { pool } = database;
const kinds: ReadonlyMap<string, ConnectorKind> = new Map([["mercadolibre", mercadolibre]]);
const registry = new ConnectionRegistry({
  pool,
  secretBox: sealed("s".repeat(32)),
  clock,
  kinds: [mercadolibre],
});
const observations = new ObservationLog({ pool, clock, log: silentLog });
const latency = new LatencyRecorder({ pool, clock, log: silentLog });
const codes = ["meli-1", "meli-2", "meli-3"];
let sellers = 0;
let sellerId = 0;
let wanted: string[] = [];

/** Three listings of one pool of 3, all read to show nothing and with all orders known: each may be given one. */
beforeEach(async () => {
  sellers += 1;
  wanted = [];
  sellerId = await addSeller(pool, `seller-${sellers}`);
  const settings = { baseUrl: "http://127.0.0.1:1", accountId: "1" };
  await tell(ledger, sellerId, { kind: "put_sku", sku: "A", attributes: {} }, receipt("A", 3));
  await tell(ledger, sellerId, ...codes.map((code) => connection(code, settings)));
  await tell(ledger, sellerId, ...codes.map((code) => listing(code, `L-${code}`, "A")));
  await inTransaction(pool, (client) =>
    followLedger(client, sellerId, { kinds: [...kinds.keys()], now: Date.now() }),
  );
  await pool.query(
    `update listing_state set quota = 2, observed = 0, reach = 0, observed_at = now() - interval '1 s', observed_until = now() - interval '1 s'
     where seller_id = $1`,
    [sellerId],
  );
  await pool.query(
    `insert into order_poll (seller_id, connection, changed_through, due_at, complete_at)
     select $1, code, now(), now(), now() from unnest($2::text[]) as c (code)`,
    [sellerId, codes],
  );
  await pool.query(
    `insert into end_game (seller_id, sku, since, seq, available, exposure, threshold, latency_ms, expected_oversold)
     values ($1, 'A', now(), 1, 3, 0, 3, 1, 0)`,
    [sellerId],
  );
});

/** Claims a write of `quantity` as a lane does; answers whether it may go out. */
async function claims(code: string, quantity: number): Promise<boolean> {
  const open = await registry.open(sellerId, code);
  if (open === null) throw new Error("the connection is there");
  const lane: LaneContext = {
    sellerId,
    connection: code,
    pool,
    clock,
    observations,
    latency,
    metrics: publishMetrics(undefined),
    open,
    // Nothing is called here.
    connector: (open.connector.ok ? open.connector.value : null) as Connector,
    kinds,
    pushTimes: new Map(),
    wakeIn: () => undefined,
    onScarceMoved: () => undefined,
    onOrdersWanted: (connections) => void wanted.push(...connections),
    onFailure: () => undefined,
    onSuccess: () => undefined,
  };
  const now = Date.now();
  const due = await readDue(pool, lane, { now, openSaleMs: 60_000, limit: 10 });
  const planned = planRound(open, due, { now, ordersKnownUntil: now, isFeedStale: false }).jobs[0];
  const planning = planned?.call === "push" ? planned.listing : planned?.listings[0];
  if (planning === undefined) throw new Error("the listing is due");
  const { version, seq, ownSold } = planning.due;
  const claim = await claimWrite(lane, planning, {
    externalId: `L-${code}`,
    version,
    quantity,
    seq,
    now,
    claimedUntil: now + 30_000,
    reach: ownSold + quantity,
    appliesWithinMs: 3_000,
    isCompared: false,
  });
  return claim !== null;
}

it("[I7] lets no two writes go out together that fit one by one and not both", async () => {
  const given = await Promise.all(codes.map((code) => claims(code, 2)));
  expect(given.filter((isGiven) => isGiven)).toHaveLength(1);
  const { rows } = await pool.query(
    "select sum(coalesce(pushed, 0))::int8 as out, count(*) filter (where error ->> 'why' = 'end_game') as held from listing_state where seller_id = $1",
    [sellerId],
  );
  expect(rows).toEqual([{ out: 2, held: 2 }]);
  // What is on its way is not certain before its orders are: they are asked for.
  expect(new Set(wanted).size).toBe(1);
});

it("[I7] lets all go out that fit together, and a stop always", async () => {
  expect(await Promise.all(codes.map((code) => claims(code, 1)))).toEqual([true, true, true]);
  await pool.query("update listing_state set claimed_until = null where seller_id = $1", [sellerId]);
  expect(await claims("meli-1", 0)).toBe(true);
});
