import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

import type { Command, ReservationLine } from "@onepool/core/ledger/command.ts";
import { afterAll, describe, expect, it } from "vitest";

import { testDatabase } from "../testing/test-database.ts";
import { openTestLedger } from "./testing/test-ledger.ts";
import { verifyLedger } from "./verify/verify-ledger.ts";

const database = await testDatabase();

afterAll(async () => {
  expect((await verifyLedger(database.pool)).differences).toEqual([]);
});

const receipt = (sku: string, units: number): Command => ({
  kind: "movement",
  movement: "receipt",
  sku,
  location: "main",
  units,
  externalId: `opening-${sku}`,
  occurredAt: Date.now(),
});

describe("several writers of one seller", () => {
  it("sell exactly what is there, in ones, twos and kits, and refuse the rest rightly", async () => {
    const one = await openTestLedger(database);
    const two = await openTestLedger(database, { sellerId: one.sellerId });
    await one.tell(
      { kind: "put_sku", sku: "A", attributes: {} },
      { kind: "put_sku", sku: "B", attributes: {} },
    );
    await one.tell({ kind: "put_connection", code: "web", connectionKind: "api", mode: "live" });
    await one.tell({
      kind: "put_listing",
      connection: "web",
      externalId: "KIT",
      components: [
        { sku: "A", units: 1 },
        { sku: "B", units: 3 },
      ],
    });
    await one.tell(receipt("A", 50), receipt("B", 120));
    const asked: readonly ReservationLine[] = [
      { sku: "A", units: 1 },
      { sku: "B", units: 2 },
      { connection: "web", listing: "KIT", units: 1 },
    ];
    const results = await Promise.all(
      Array.from({ length: 600 }, async (_, index) => {
        const line = asked[index % 3] ?? { sku: "A", units: 1 };
        const command: Command = {
          kind: "reserve",
          reservationId: String(index),
          lines: [line],
          ttlSeconds: 600,
        };
        const [result] = await (index % 2 === 0 ? one : two).tell(command);
        return { line, isHeld: result?.ok === true };
      }),
    );
    const held = (sku: "A" | "B"): number =>
      results.reduce((sum, { line, isHeld }) => {
        if (!isHeld) return sum;
        if ("sku" in line) return line.sku === sku ? sum + line.units : sum;
        return sum + (sku === "A" ? 1 : 3);
      }, 0);
    const { rows } = await database.pool.query<{ sku: string; units: number }>(
      `select a.sku, sum(m.units)::bigint as units from movement m join account a using (seller_id, account_id)
       where seller_id = $1 and a.bucket = 'reserved' group by a.sku order by a.sku`,
      [one.sellerId],
    );
    expect(rows).toEqual([
      { sku: "A", units: held("A") },
      { sku: "B", units: held("B") },
    ]);
    // Nothing is left that any of the refused would have fitted into.
    expect(held("A")).toBe(50);
    expect(held("B")).toBeGreaterThanOrEqual(119);
    expect(held("B")).toBeLessThanOrEqual(120);
    await one.ledger.close();
    await two.ledger.close();
  });

  it("see each other's commits at once, although both remember", async () => {
    const one = await openTestLedger(database);
    const two = await openTestLedger(database, { sellerId: one.sellerId });
    const reserve = (reservationId: string): Command => ({
      kind: "reserve",
      reservationId,
      lines: [{ sku: "A", units: 1 }],
      ttlSeconds: 600,
    });
    await one.tell({ kind: "put_sku", sku: "A", attributes: {} });
    expect(await two.tell(reserve("r-1"))).toMatchObject([{ ok: false }]); // and remembers that there is nothing
    await one.tell(receipt("A", 1));
    expect(await two.tell(reserve("r-1"))).toMatchObject([{ ok: true }]);
    expect(await one.tell(reserve("r-2"))).toMatchObject([{ ok: false }]);
    await two.tell({ kind: "end_reservation", reservationId: "r-1", how: "release" });
    expect(await one.tell(reserve("r-2"))).toMatchObject([{ ok: true }]);
    await one.ledger.close();
    await two.ledger.close();
  });

  it("in processes of their own record each fact once, in one sequence without a gap", async () => {
    const { ledger, sellerId, tell } = await openTestLedger(database);
    await tell(
      ...Array.from({ length: 7 }, (_, index): Command => ({
        kind: "put_sku",
        sku: `SKU-${index}`,
        attributes: {},
      })),
    );
    const script = path.join(import.meta.dirname, "testing", "writer-process.ts");
    const run = async (name: string): Promise<Record<string, number>> => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ["--disable-warning=ExperimentalWarning", script, database.url, String(sellerId), name, "800"],
        { maxBuffer: 1 << 24 },
      );
      return JSON.parse(stdout) as Record<string, number>;
    };
    const [left, right] = await Promise.all([run("left"), run("right")]);
    for (const [orderId, seq] of Object.entries(left)) if (orderId in right) expect(right[orderId]).toBe(seq);
    const { rows } = await database.pool.query<{ order_id: string; seq: number }>(
      "select order_id, seq from entry where seller_id = $1 and kind = 'order'",
      [sellerId],
    );
    expect(Object.fromEntries(rows.map((row) => [row.order_id, row.seq]))).toEqual({ ...left, ...right });
    expect(rows).toHaveLength(1_200);
    await ledger.close();
  });
});
