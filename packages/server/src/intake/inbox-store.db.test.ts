import { beforeAll, beforeEach, describe, expect, it } from "vitest";

import { addSeller, connection, tell, testLedger } from "../connections/testing/channel-seller.ts";
import { testDatabase } from "../testing/test-database.ts";
import {
  claimDue,
  finishNotice,
  giveBack,
  storeFoundOrders,
  storeNotice,
  unreadOrders,
} from "./inbox-store.ts";

const database = await testDatabase();
const ledger = testLedger(database);
const { pool } = database;
let sellerId = 0;

beforeAll(async () => {
  sellerId = await addSeller(pool, "first");
  await tell(ledger, sellerId, connection("meli-1", { hookSecret: "one" }));
  await pool.query("insert into channel_account values ('mercadolibre', '100', $1, 'meli-1')", [sellerId]);
});
beforeEach(() => pool.query("delete from inbox"));

const NOW = Date.parse("2026-11-23T10:00:00Z");
const notice = { topic: "orders_v2", resource: "/orders/1" };

const arrive = (at = NOW) =>
  storeNotice(pool, {
    kind: "mercadolibre",
    accountId: "100",
    secret: "one",
    notice,
    text: "{}",
    receivedAt: at,
  });
const claim = (now = NOW, paused: { sellerId: number; code: string }[] = []) =>
  claimDue(pool, { now, leaseMs: 30_000, limit: 10, paused });
const claimOne = async (now = NOW) => {
  const [claimed] = await claim(now);
  if (claimed === undefined) throw new Error("something is due");
  return claimed;
};
const read = (fingerprint: string | null = null, readAgainAt: number | null = null) => ({
  readAgainAt,
  fingerprint,
});

describe("the inbox", () => {
  it("gives a row to one worker only, until its lease ends", async () => {
    await arrive();
    const claims = (await Promise.all([claim(), claim(), claim()])).flat();
    expect(claims).toHaveLength(1);
    expect(await claim(NOW + 29_999)).toEqual([]);
    expect(await claim(NOW + 30_000)).toMatchObject([{ attempts: 2 }]);
  });

  it("runs again for what arrives while it is worked on, and only then", async () => {
    await arrive();
    const first = await claimOne();
    await arrive(NOW + 10);
    expect(await claim(NOW + 20)).toEqual([]);
    await finishNotice(pool, first, read());
    const second = await claimOne(NOW + 20);
    expect(second).toMatchObject({ arrivals: 2, attempts: 1 });
    await finishNotice(pool, second, read());
    expect(await claim(NOW + 100_000)).toEqual([]);
  });

  it("does not take the word of a worker whose lease ran out", async () => {
    await arrive();
    const slow = await claimOne();
    const next = await claimOne(NOW + 30_000);
    await finishNotice(pool, slow, read());
    expect(await claim(NOW + 30_001)).toEqual([]);
    await giveBack(pool, next, { at: NOW + 31_000, error: "x", isCounted: true, poisonedAt: null });
    expect(await claim(NOW + 31_000)).toHaveLength(1);
  });

  it("reads again later what asks for it, or at once when there is news", async () => {
    await arrive();
    await finishNotice(pool, await claimOne(), read("a", NOW + 60_000));
    expect(await claim(NOW + 59_999)).toEqual([]);
    await arrive(NOW + 5_000);
    await finishNotice(pool, await claimOne(NOW + 5_000), read("a", NOW + 65_000));
    expect(await claim(NOW + 65_000)).toHaveLength(1);
  });

  it("hurries a waiting row along when there is news of it", async () => {
    await arrive();
    await giveBack(pool, await claimOne(), {
      at: NOW + 60_000,
      error: "404",
      isCounted: true,
      poisonedAt: null,
    });
    expect(await claim(NOW + 1_000)).toEqual([]);
    await arrive(NOW + 1_000);
    expect(await claim(NOW + 1_000)).toHaveLength(1);
  });

  it("puts poison aside until there is news of it", async () => {
    await arrive();
    await giveBack(pool, await claimOne(), { at: NOW, error: "no", isCounted: true, poisonedAt: NOW });
    expect(await claim(NOW + 1)).toEqual([]);
    await arrive(NOW + 2);
    expect(await claim(NOW + 2)).toMatchObject([{ attempts: 1 }]);
  });

  it("leaves out connections that pause", async () => {
    await arrive();
    expect(await claim(NOW, [{ sellerId, code: "meli-1" }])).toEqual([]);
    expect(await claim(NOW, [{ sellerId, code: "meli-2" }])).toHaveLength(1);
  });

  it("finds by their fingerprints the orders that were not read, once", async () => {
    const meli = { sellerId, code: "meli-1" };
    const listed = (fingerprint: string) => [{ ...notice, updatedAt: NOW, fingerprint }];
    const news = (fingerprint: string) => unreadOrders(pool, meli, notice.topic, listed(fingerprint));
    expect(await news("paid")).toHaveLength(1);
    expect(await storeFoundOrders(pool, meli, listed("paid"), NOW)).toBe(1);
    expect(await news("paid")).toEqual([]);
    // The order itself tells its state a little differently than the list.
    await finishNotice(pool, await claimOne(), read("paid!"));
    expect(await news("paid")).toEqual([]);
    expect(await news("cancelled")).toHaveLength(1);
    await storeFoundOrders(pool, meli, listed("cancelled"), NOW);
    expect(await claim()).toHaveLength(1);
  });

  it("does not wake what waits or is put aside just because a poll lists it", async () => {
    const meli = { sellerId, code: "meli-1" };
    await arrive();
    await giveBack(pool, await claimOne(), { at: NOW, error: "no", isCounted: true, poisonedAt: NOW });
    expect(await storeFoundOrders(pool, meli, [{ ...notice, updatedAt: NOW, fingerprint: "x" }], NOW)).toBe(
      0,
    );
    expect(await claim(NOW + 1)).toEqual([]);
  });
});
