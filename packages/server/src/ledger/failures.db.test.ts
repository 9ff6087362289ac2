import { setTimeout as delay } from "node:timers/promises";

import type { Command } from "@onepool/core/ledger/command.ts";
import { afterAll, describe, expect, it } from "vitest";

import { testDatabase } from "../testing/test-database.ts";
import { CuttingProxy } from "./testing/cutting-proxy.ts";
import { openTestLedger } from "./testing/test-ledger.ts";
import { verifyLedger } from "./verify/verify-ledger.ts";

const database = await testDatabase();

afterAll(async () => {
  expect((await verifyLedger(database.pool)).differences).toEqual([]);
});

const order = (orderId: string): Command => ({
  kind: "order",
  source: "api",
  order: { channel: "web", orderId, status: "paid", lines: [{ lineId: "1", sku: "A", quantity: 1 }] },
});

/** The rules throw on it: a stand-in for a bug of ours. */
const THROWN = { kind: "order", source: "api", order: null } as unknown as Command;

/** The rules take it and PostgreSQL refuses it: no text of its holds a NUL. The API lets none through. */
const refused = (orderId: string): Command => order(`${orderId}\0`);

const OURS = { ok: false, rejection: { code: "internal_error" } };

async function ordersOf(sellerId: number): Promise<number> {
  return (
    (await database.pool.query("select from sales_order where seller_id = $1", [sellerId])).rowCount ?? 0
  );
}

describe("one bad command", () => {
  it("fails alone when the rules throw on it, and is logged", async () => {
    const { ledger, tell, log, sellerId } = await openTestLedger(database);
    await tell({ kind: "put_sku", sku: "A", attributes: {} });
    const results = await Promise.all([tell(order("1")), tell(THROWN), tell(order("2"), THROWN, order("3"))]);
    expect(results).toMatchObject([[{ ok: true }], [OURS], [{ ok: true }, OURS, { ok: true }]]);
    expect(log.at("error")).toHaveLength(2);
    expect(await ordersOf(sellerId)).toBe(3);
    await ledger.close();
  });

  it("fails alone when the database refuses it, and is logged", async () => {
    const { ledger, tell, log, sellerId } = await openTestLedger(database);
    await tell({ kind: "put_sku", sku: "A", attributes: {} });
    const results = await Promise.all([
      ...Array.from({ length: 30 }, (_, index) => tell(order(`before-${index}`))),
      tell(refused("bad")),
      ...Array.from({ length: 30 }, (_, index) => tell(order(`after-${index}`))),
    ]);
    expect(results[30]).toMatchObject([OURS]);
    expect(results.filter(([result]) => result?.ok === true)).toHaveLength(60);
    expect(log.at("error")).not.toEqual([]);
    expect(await ordersOf(sellerId)).toBe(60);
    await ledger.close();
  });

  it("fails alone among the commands of its own submission too", async () => {
    const { ledger, tell, sellerId } = await openTestLedger(database);
    await tell({ kind: "put_sku", sku: "A", attributes: {} });
    const results = await tell(order("1"), refused("2"), order("3"), refused("4"), order("5"));
    expect(results).toMatchObject([{ ok: true }, OURS, { ok: true }, OURS, { ok: true }]);
    expect(await ordersOf(sellerId)).toBe(3);
    await ledger.close();
  });
});

describe("a ledger with too much to do", () => {
  it("turns away what comes above 2,000 waiting submissions of a seller, and nothing of another seller", async () => {
    const { ledger, sellerId, submit } = await openTestLedger(database);
    const neighbour = await openTestLedger(database);
    await submit([{ kind: "put_sku", sku: "A", attributes: {} }]);
    const answers = Array.from({ length: 2_010 }, (_, index) => submit([order(String(index))]));
    expect(ledger.waiting(sellerId)).toBe(2_000);
    const outsider = ledger.submit({
      sellerId: neighbour.sellerId,
      commands: [{ kind: "put_sku", sku: "B", attributes: {} }],
    });
    const kinds = (await Promise.all(answers)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "overloaded")).toHaveLength(10);
    expect(await outsider).toMatchObject({ kind: "done", results: [{ ok: true }] });
    await ledger.close();
    await neighbour.ledger.close();
  });

  it("finishes what it accepted when it is closed, and takes nothing new", async () => {
    const { ledger, submit, sellerId } = await openTestLedger(database);
    await submit([{ kind: "put_sku", sku: "A", attributes: {} }]);
    const accepted = Array.from({ length: 50 }, (_, index) => submit([order(String(index))]));
    const closed = ledger.close();
    expect(await submit([order("late")])).toEqual({ kind: "stopping" });
    await closed;
    expect((await Promise.all(accepted)).every(({ kind }) => kind === "done")).toBe(true);
    expect(await ordersOf(sellerId)).toBe(50);
  });
});

describe("a connection that breaks at any moment", () => {
  it("loses nothing that was acknowledged and applies nothing twice", async () => {
    const { ledger, tell, sellerId, log } = await openTestLedger(database, { limits: { batchCommands: 20 } });
    await tell({ kind: "put_sku", sku: "A", attributes: {} });
    let isLoading = true;
    let killed = 0;
    let acknowledged = 0;
    const killer = (async () => {
      for (let next = 0; isLoading; await delay(1)) {
        if (acknowledged < next) continue;
        next = acknowledged + 60; // so that some of them get through
        const { rowCount } = await database.pool.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'test ledger'",
        );
        killed += rowCount ?? 0;
      }
    })();
    let next = 0;
    const caller = async (): Promise<void> => {
      while (next < 3_000) {
        const id = String(next++);
        expect(await tell(order(id))).toMatchObject([{ ok: true }]);
        acknowledged++;
      }
    };
    await Promise.all(Array.from({ length: 40 }, caller));
    isLoading = false;
    await killer;
    expect(killed).toBeGreaterThan(10);
    expect(
      log.lines.filter(({ fields }) => "failure" in fields && fields.failure === "connection_lost").length,
    ).toBeGreaterThan(10);
    const { rows } = await database.pool.query(
      `select (select count(*) from entry where seller_id = $1 and kind = 'order') as entries,
         (select sum(units) from movement where seller_id = $1 and bucket = 'committed') as committed`,
      [sellerId],
    );
    expect(await ordersOf(sellerId)).toBe(next);
    expect(rows).toEqual([{ entries: next, committed: String(next) }]);
    await ledger.close();
  });

  it.each([
    { moment: "after the commit and before its answer", isCommitted: true },
    { moment: "before the batch arrives", isCommitted: false },
  ])("answers with the numbers of the one time it was applied: $moment", async ({ isCommitted }) => {
    const direct = await openTestLedger(database);
    await direct.tell({ kind: "put_sku", sku: "A", attributes: {} });
    const proxy = await CuttingProxy.before(database.url);
    const { ledger, pool, tell, log } = await openTestLedger(database, {
      sellerId: direct.sellerId,
      through: proxy.url,
      connections: 1,
    });
    const title = (text: string): Command => ({ kind: "put_sku", sku: "A", attributes: { title: text } });
    await tell(title("1")); // the connection is there, and the SKU in memory: nothing is asked before the batch
    while (pool.idleCount === 0) await delay(1); // other processes were told, and the one connection is free
    const head = async (): Promise<number> =>
      (
        await database.pool.query<{ seq: number }>("select seq from head where seller_id = $1", [
          direct.sellerId,
        ])
      ).rows[0]?.seq ?? 0;
    const before = await head();
    proxy.hold(isCommitted ? "answers" : "requests");
    const told = tell(title("2"), title("3"));
    if (isCommitted) while ((await head()) === before) await delay(1);
    else await proxy.held();
    proxy.cut();
    expect(await told).toMatchObject([
      { ok: true, seq: before + 1 },
      { ok: true, seq: before + 2 },
    ]);
    expect(await head()).toBe(before + 2);
    expect(log.lines.some(({ fields }) => "failure" in fields && fields.failure === "connection_lost")).toBe(
      true,
    );
    await ledger.close();
    await pool.end();
    await direct.ledger.close();
    await proxy.close();
  });
});
