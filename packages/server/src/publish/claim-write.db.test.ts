import type { ConnectorKind } from "@onepool/connectors/contract/connector.ts";
import { mercadolibre } from "@onepool/connectors/mercadolibre/connector.ts";
import { beforeEach, expect, it } from "vitest";

import { inTransaction } from "../connections/in-transaction.ts";
import {
  addSeller,
  connection,
  listing,
  receipt,
  tell,
  testLedger,
} from "../connections/testing/channel-seller.ts";
import { testDatabase } from "../testing/test-database.ts";
import { claimWrite } from "./claim-write.ts";
import { readDue } from "./due-store.ts";
import { followLedger } from "./follow-store.ts";
import type { LaneContext, PlannedListing } from "./lane-context.ts";
import { planRound } from "./plan-round.ts";
import { quietLanes } from "./testing/quiet-lanes.ts";

const database = await testDatabase();
const ledger = testLedger(database);
const { pool } = database;
const kinds: ReadonlyMap<string, ConnectorKind> = new Map([["mercadolibre", mercadolibre]]);
const laneOf = quietLanes({ pool, ledger });
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

/** A write that is decided on and yet to be claimed. */
interface Decided {
  readonly lane: LaneContext;
  readonly planning: PlannedListing;
  readonly code: string;
}

async function decided(code: string): Promise<Decided> {
  const onOrdersWanted = (connections: readonly string[]) => void wanted.push(...connections);
  const lane = await laneOf({ sellerId, connection: code }, { onOrdersWanted });
  const now = Date.now();
  const due = await readDue(pool, lane, { now, openSaleMs: 60_000, limit: 10 });
  const planned = planRound(lane.open, due, { now, ordersKnownUntil: now, isFeedStale: false }).jobs[0];
  const planning = planned?.call === "push" ? planned.listing : planned?.listings[0];
  if (planning === undefined) throw new Error("the listing is due");
  return { lane, planning, code };
}

/** Claims a write of `quantity` as a lane does; answers whether it may go out. */
async function claims({ lane, planning, code }: Decided, quantity: number): Promise<boolean> {
  const now = Date.now();
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

const decideAll = (): Promise<Decided[]> => Promise.all(codes.map(decided));

it("[I7] lets no two writes go out together that fit one by one and not both", async () => {
  const given = await Promise.all((await decideAll()).map((write) => claims(write, 2)));
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
  expect(await Promise.all((await decideAll()).map((write) => claims(write, 1)))).toEqual([true, true, true]);
  await pool.query("update listing_state set claimed_until = null where seller_id = $1", [sellerId]);
  expect(await claims(await decided("meli-1"), 0)).toBe(true);
});

/** Holds units as a shop of the seller's own does; answers whether it got them. */
async function reserves(units: number, reservationId: string): Promise<boolean> {
  const lines = [{ sku: "A", units }];
  const commands = [{ kind: "reserve", reservationId, lines, ttlSeconds: 600 }] as const;
  const answer = await ledger.submit({ sellerId, commands });
  return answer.kind === "done" && answer.results[0]?.ok === true;
}

async function withheld(): Promise<number> {
  const { rows } = await pool.query<{ units: number }>("select units from withheld where seller_id = $1", [
    sellerId,
  ]);
  return rows[0]?.units ?? 0;
}

it("[I7] lets no write go out whose units a reservation has taken meanwhile", async () => {
  const writes = await decideAll();
  expect(await reserves(2, "R-1")).toBe(true);
  const [early, ...others] = writes;
  expect(await claims(early as Decided, 2)).toBe(false);
  expect(await withheld()).toBe(0);
  expect(await claims(others[0] as Decided, 1)).toBe(true);
});

it("[I5] withholds from reservations what a write offers, before it goes out", async () => {
  const late = await decided("meli-2");
  expect(await claims(await decided("meli-1"), 2)).toBe(true);
  expect(await withheld()).toBe(2);
  expect(await reserves(2, "R-1")).toBe(false);
  expect(await reserves(1, "R-1")).toBe(true);
  expect(await claims(late, 1)).toBe(false);
  expect(await withheld()).toBe(2);
});

it("[I7] lets no write go out where a reservation was faster than its look at the pool", async () => {
  const { lane, ...write } = await decided("meli-1");
  const late: LaneContext["ledger"] = {
    async submit(submission) {
      expect(await reserves(2, "R-1")).toBe(true);
      return ledger.submit(submission);
    },
  };
  expect(await claims({ ...write, lane: { ...lane, ledger: late } }, 2)).toBe(false);
  expect(await withheld()).toBe(0);
  const { rows } = await pool.query(
    "select pushed, error ->> 'why' as why from listing_state where seller_id = $1 and connection = 'meli-1'",
    [sellerId],
  );
  expect(rows).toEqual([{ pushed: null, why: "end_game" }]);
});

it("[I5] [I7] gives each unit once to writes and reservations that want it in the same moment", async () => {
  const writes = await decideAll();
  const asked = await Promise.all([
    ...writes.map((write) => claims(write, 1)),
    ...codes.map((code) => reserves(1, `R-${code}`)),
  ]);
  expect(asked.filter((isGiven) => isGiven)).toHaveLength(3);
  const offered = asked.slice(0, codes.length).filter((isGiven) => isGiven).length;
  expect(await withheld()).toBe(offered);
});
