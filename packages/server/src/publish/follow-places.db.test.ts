import type { Command } from "@onepool/core/ledger/command.ts";
import { beforeEach, describe, expect, it } from "vitest";

import { componentPools, desiredOf } from "../allocate/listing-pools.ts";
import { inTransaction } from "../connections/in-transaction.ts";
import { addSeller, connection, listing, tell, testLedger } from "../connections/testing/channel-seller.ts";
import { testDatabase } from "../testing/test-database.ts";
import { followLedger } from "./follow-store.ts";

const database = await testDatabase();
const ledger = testLedger(database);
const { pool } = database;
let sellerId = 0;
let sellers = 0;

beforeEach(async () => {
  sellers += 1;
  sellerId = await addSeller(pool, `seller-${sellers}`);
  await told(
    { kind: "put_sku", sku: "A", attributes: {} },
    { kind: "put_location", code: "3pl", locationKind: "3pl" },
    connection("us", {}),
    connection("mx", {}),
    receiptAt("main", 10),
    receiptAt("3pl", 4),
  );
  await told(listing("us", "MLM1", "A"), listing("mx", "MLM2", "A"));
});

/** What the ledger takes, and the follower with it. */
async function told(...commands: readonly Command[]): Promise<void> {
  await tell(ledger, sellerId, ...commands);
  await inTransaction(pool, (client) =>
    followLedger(client, sellerId, { kinds: ["mercadolibre"], now: Date.now() }),
  );
}

function receiptAt(location: string, units: number): Command {
  return {
    kind: "movement",
    movement: "receipt",
    sku: "A",
    location,
    units,
    externalId: `${location}/${units}`,
  };
}

function serve(location: string, serves: readonly string[] | null): Command {
  return { kind: "put_location", code: location, serves };
}

function order(channel: string, orderId: string, quantity: number, shipped = 0): Command {
  const status = "paid";
  const lines = [{ lineId: "1", sku: "A", quantity, shipped }];
  return {
    kind: "order",
    source: "channel",
    order: { channel, orderId, status, updatedAt: Date.now(), lines },
  };
}

/** What the channels' listings should show, by connection. */
async function shown(): Promise<Record<string, number>> {
  const { rows } = await pool.query(
    `select l.connection, l.settings, ${componentPools("l")} as components from listing l where l.seller_id = $1`,
    [sellerId],
  );
  return Object.fromEntries(
    rows.map(({ connection: code, ...row }) => [
      code,
      desiredOf({ ...row, openSales: 0, quota: null, heldBack: 0 }, 1_000).quantity,
    ]),
  );
}

async function kept(table: "channel_promise" | "channel_reach"): Promise<number> {
  return (await pool.query(`select 1 from ${table} where seller_id = $1`, [sellerId])).rowCount ?? 0;
}

describe("places that serve some channels only", () => {
  it("cost nothing while every place serves everybody", async () => {
    await told(order("us", "1", 2));
    expect(await shown()).toEqual({ mx: 12, us: 12 });
    expect([await kept("channel_promise"), await kept("channel_reach")]).toEqual([0, 0]);
  });

  it("show what lies where the channel is served from, less what only those places can keep", async () => {
    await told(order("mx", "1", 1), order("us", "2", 3));
    await told(serve("main", ["us"]), serve("3pl", ["us", "mx"]));
    // mx is served from the 3PL alone: 4 there, 1 promised to mx. us has both, and 14 - 4 are not promised.
    expect(await shown()).toEqual({ mx: 3, us: 10 });
    // More than main holds: the rest can only come from the 3PL.
    await told(order("us", "3", 8));
    expect(await shown()).toEqual({ mx: 2, us: 2 });
    await told(order("mx", "4", 2));
    expect(await shown()).toEqual({ mx: 0, us: 0 });
  });

  it("follow holds into orders, units that leave and units that come", async () => {
    await told(serve("3pl", ["mx"]), serve("main", ["us"]));
    const lines = [{ sku: "A", units: 3 }];
    await told({ kind: "reserve", reservationId: "cart", lines, ttlSeconds: 900 });
    // Nobody's hold can be kept by either place: together they lose 3, and neither more than it has.
    expect(await shown()).toEqual({ mx: 4, us: 10 });
    const claimed = order("mx", "1", 3);
    if (claimed.kind !== "order") throw new Error("an order");
    await told({ ...claimed, order: { ...claimed.order, reservationId: "cart" } });
    expect(await shown()).toEqual({ mx: 1, us: 10 });
    await told(receiptAt("3pl", 5));
    expect(await shown()).toEqual({ mx: 6, us: 10 });
  });

  it("are forgotten when every place serves everybody again", async () => {
    await told(serve("main", ["us"]));
    expect(await shown()).toEqual({ mx: 4, us: 14 });
    await told(serve("main", null));
    expect(await shown()).toEqual({ mx: 14, us: 14 });
    expect([await kept("channel_promise"), await kept("channel_reach")]).toEqual([0, 0]);
  });

  it("name channels that exist, and are not a channel's own", async () => {
    const refused = async (command: Command) => {
      const answer = await ledger.submit({ sellerId, commands: [command] });
      return answer.kind === "done" ? answer.results[0] : answer;
    };
    expect(await refused(serve("main", ["us", "nowhere"]))).toMatchObject({
      ok: false,
      rejection: { code: "unknown_connection", field: "serves.1" },
    });
    await told({ kind: "put_location", code: "fba", locationKind: "channel" });
    expect(await refused(serve("fba", ["us"]))).toMatchObject({ ok: false, rejection: { field: "serves" } });
  });
});
