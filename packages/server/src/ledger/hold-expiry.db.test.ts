import type { Command } from "@onepool/core/ledger/command.ts";
import { afterAll, describe, expect, it } from "vitest";

import { testDatabase } from "../testing/test-database.ts";
import { endDueHolds, startHoldExpiry } from "./hold-expiry.ts";
import { KeptLog, openTestLedger, StandingClock } from "./testing/test-ledger.ts";
import { verifyLedger } from "./verify/verify-ledger.ts";

const NOON = 1_795_428_000_000;

const database = await testDatabase();
const clock = new StandingClock(NOON);
const one = await openTestLedger(database, { clock });
const two = await openTestLedger(database, { clock, sellerId: one.sellerId });
const neighbour = await openTestLedger(database, { clock });
const log = new KeptLog();

for (const { tell } of [one, neighbour]) {
  await tell({ kind: "put_sku", sku: "A", attributes: {} });
  await tell({
    kind: "movement",
    movement: "receipt",
    sku: "A",
    location: "main",
    units: 10,
    externalId: "r",
    occurredAt: NOON,
  });
}

afterAll(async () => {
  expect((await verifyLedger(database.pool)).differences).toEqual([]);
  for (const { ledger } of [one, two, neighbour]) await ledger.close();
});

const reserve = (reservationId: string, units: number, ttlSeconds: number): Command => ({
  kind: "reserve",
  reservationId,
  lines: [{ sku: "A", units }],
  ttlSeconds,
});

async function states(sellerId: number): Promise<Record<string, string>> {
  const { rows } = await database.pool.query<{ id: string; state: string }>(
    "select reservation_id as id, state from reservation where seller_id = $1",
    [sellerId],
  );
  return Object.fromEntries(rows.map(({ id, state }) => [id, state]));
}

describe("a hold past its deadline", () => {
  it("never blocks a request: it is ended in the same batch, before the request is decided", async () => {
    await one.tell(reserve("cart-1", 10, 60));
    clock.advance(59_999);
    expect(await one.tell(reserve("cart-2", 10, 60))).toMatchObject([{ ok: false }]);
    clock.advance(1);
    // Another process, which has never seen the hold.
    expect(await two.tell(reserve("cart-2", 10, 60))).toMatchObject([{ ok: true }]);
    expect(await states(one.sellerId)).toEqual({ "cart-1": "expired", "cart-2": "held" });
  });

  it("is ended by whichever process looks first, for every seller, exactly once", async () => {
    await neighbour.tell(reserve("cart-9", 3, 30));
    clock.advance(60_000);
    const ended = async (sellerId: number): Promise<number> =>
      (
        await database.pool.query("select from entry where seller_id = $1 and kind = 'reservation_expired'", [
          sellerId,
        ])
      ).rowCount ?? 0;
    const before = await ended(one.sellerId);
    await Promise.all([
      endDueHolds({ pool: database.pool, ledger: one.ledger, clock, log }),
      endDueHolds({ pool: database.pool, ledger: two.ledger, clock, log }),
    ]);
    expect(await ended(one.sellerId)).toBe(before + 1);
    expect(await states(neighbour.sellerId)).toEqual({ "cart-9": "expired" });
    expect(await endDueHolds({ pool: database.pool, ledger: one.ledger, clock, log })).toBe(0);
  });

  it("is found again and again by the one who looks, until he is stopped", async () => {
    const expiry = startHoldExpiry({ pool: database.pool, ledger: one.ledger, clock, log, everyMs: 1 });
    for (const id of ["cart-20", "cart-21"]) {
      await one.tell(reserve(id, 1, 1));
      const ended = new Promise<void>((resolve) => {
        const stop = one.ledger.onCommit(() => {
          stop();
          resolve();
        });
      });
      clock.advance(1_000);
      await ended;
      expect((await states(one.sellerId))[id]).toBe("expired");
    }
    await expiry.close();
    expect(log.at("warn")).toEqual([]);
  });
});
