import { beforeAll, beforeEach, describe, expect, it } from "vitest";

import { inTransaction } from "../connections/in-transaction.ts";
import { addSeller, connection, tell, testLedger } from "../connections/testing/channel-seller.ts";
import { testDatabase } from "../testing/test-database.ts";
import { storeFoundOrders, unreadOrders } from "./found-order-store.ts";
import { claimDue, finishNotice, giveBack, notePosted } from "./inbox-store.ts";
import { storePosted } from "./notice-store.ts";

const database = await testDatabase();
const ledger = testLedger(database);
const { pool } = database;
let sellerId = 0;

beforeAll(async () => {
  sellerId = await addSeller(pool, "first");
  await tell(ledger, sellerId, connection("meli-1", { hookSecret: "one" }));
  await pool.query("insert into channel_account values ('mercadolibre', '100', $1, 'meli-1')", [sellerId]);
});
beforeEach(() => pool.query("with gone as (delete from noticed_state) delete from inbox"));

const NOW = Date.parse("2026-11-23T10:00:00Z");
const notice = { topic: "orders_v2", resource: "/orders/1" };

const arrive = (at = NOW, says: { hash: string; isEnough: boolean } | null = null) => {
  const arriving = { kind: "mercadolibre", accountId: "100", notice, says, text: "{}", receivedAt: at };
  return storePosted(pool, arriving, "one");
};
const claim = (now = NOW, paused: { sellerId: number; code: string }[] = []) =>
  claimDue(pool, { now, leaseMs: 30_000, limit: 10, paused });
const claimOne = async (now = NOW) => {
  const [claimed] = await claim(now);
  if (claimed === undefined) throw new Error("something is due");
  return claimed;
};
const read = (fingerprint: string | null = null, readAgainAt: number | null = null) => ({
  now: NOW,
  readAgainAt,
  fingerprint,
  rest: { notBefore: null, idleReads: 0 },
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
    await giveBack(pool, next, { at: NOW + 31_000, error: "x", isCounted: true, poisoned: null });
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
      poisoned: null,
    });
    expect(await claim(NOW + 1_000)).toEqual([]);
    await arrive(NOW + 1_000);
    expect(await claim(NOW + 1_000)).toHaveLength(1);
  });

  it("lets what goes on failing keep its pace, however often it is announced", async () => {
    await arrive();
    for (let attempt = 1; attempt <= 5; attempt++) {
      const at = NOW + attempt * 60_000;
      await giveBack(pool, await claimOne(at), {
        at: at + 60_000,
        error: "404",
        isCounted: true,
        poisoned: null,
      });
    }
    await arrive(NOW + 5 * 60_000 + 1);
    expect(await claim(NOW + 5 * 60_000 + 1)).toEqual([]);
    expect(await claim(NOW + 6 * 60_000)).toMatchObject([{ attempts: 6 }]);
  });

  it("makes what told nothing new wait until its rest is over", async () => {
    await arrive();
    const rest = { notBefore: NOW + 4_000, idleReads: 5 };
    await finishNotice(pool, await claimOne(), { ...read("a"), rest });
    await arrive(NOW + 10);
    expect(await claim(NOW + 3_999)).toEqual([]);
    expect(await claim(NOW + 4_000)).toMatchObject([{ idleReads: 5, fingerprint: "a" }]);
  });

  const poison = async (notBefore: number) =>
    giveBack(pool, await claimOne(), {
      at: NOW,
      error: "no",
      isCounted: true,
      poisoned: { at: NOW, notBefore },
    });

  it("puts poison aside until there is news of it after its rest", async () => {
    await arrive();
    await poison(NOW + 1_000);
    await arrive(NOW + 999);
    expect(await claim(NOW + 999)).toEqual([]);
    await arrive(NOW + 1_000);
    expect(await claim(NOW + 1_000)).toMatchObject([{ attempts: 2, arrivals: 3 }]);
  });

  it("leaves out connections that pause", async () => {
    await arrive();
    expect(await claim(NOW, [{ sellerId, code: "meli-1" }])).toEqual([]);
    expect(await claim(NOW, [{ sellerId, code: "meli-2" }])).toHaveLength(1);
  });

  it("finds by their fingerprints the orders that were not read, once", async () => {
    const meli = { sellerId, code: "meli-1" };
    const listed = (fingerprint: string) => [{ ...notice, orderId: "1", updatedAt: NOW, fingerprint }];
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

  it("tries what is put aside once more for each new state that a poll lists", async () => {
    const meli = { sellerId, code: "meli-1" };
    const found = [{ ...notice, orderId: "1", updatedAt: NOW, fingerprint: "x" }];
    await arrive();
    await poison(NOW + 1_000);
    await storeFoundOrders(pool, meli, found, NOW + 999);
    expect(await claim(NOW + 999)).toEqual([]);
    expect(await unreadOrders(pool, meli, notice.topic, found)).toEqual([]);
    await storeFoundOrders(pool, meli, found, NOW + 1_000);
    expect(await claim(NOW + 1_000)).toMatchObject([{ attempts: 2, isFound: true }]);
  });

  it("keeps every state that notifications tell, once, although they are about the same order", async () => {
    await arrive(NOW, { hash: "pending", isEnough: true });
    await arrive(NOW + 1, { hash: "paid", isEnough: true });
    await arrive(NOW + 2, { hash: "pending", isEnough: true });
    const claimed = await claimOne(NOW + 2);
    expect(claimed).toMatchObject({ arrivals: 3, needsRead: false });
    expect(claimed.said.map(({ hash }) => hash)).toEqual(["pending", "paid"]);
    await inTransaction(pool, (client) => notePosted(client, claimed, NOW));
    await finishNotice(pool, claimed, read());
    await arrive(NOW + 3, { hash: "paid", isEnough: true });
    expect(await claimOne(NOW + 3)).toMatchObject({ said: [], needsRead: false, isKnown: true });
  });

  it("claims states to post of connections that pause, and reads them when they no longer do", async () => {
    await arrive(NOW, { hash: "pending", isEnough: false });
    const paused = [{ sellerId, code: "meli-1" }];
    const [claimed] = await claim(NOW, paused);
    if (claimed === undefined) throw new Error("it has states to post");
    expect(claimed.needsRead).toBe(true);
    await inTransaction(pool, (client) => notePosted(client, claimed, NOW));
    await giveBack(pool, claimed, { at: NOW, error: "paused", isCounted: false, poisoned: null });
    expect(await claim(NOW, paused)).toEqual([]);
    expect(await claim(NOW)).toMatchObject([{ said: [], needsRead: true }]);
  });

  it("takes a list's word for an order, whatever else is waited for", async () => {
    const meli = { sellerId, code: "meli-1" };
    const report = { channel: "meli-1", orderId: "1", status: "paid", lines: [] } as const;
    const reading = { report, fingerprint: "paid", readAgainAfterMs: null };
    const found = [{ ...notice, orderId: "1", updatedAt: NOW, fingerprint: "paid", reading }];
    await storeFoundOrders(pool, meli, found, NOW);
    const claimed = await claimOne();
    expect(claimed).toMatchObject({ needsRead: false, said: [{ body: reading }] });
    await inTransaction(pool, (client) => notePosted(client, claimed, NOW));
    await finishNotice(pool, claimed, read());
    expect(await unreadOrders(pool, meli, notice.topic, found)).toEqual([]);
  });
});
