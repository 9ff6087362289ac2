import { testDatabase } from "@onepool/server/testing/test-database.ts";
import { expect, test } from "vitest";

import { runBench } from "./bench-run.ts";
import type { BenchScale } from "./bench-scale.ts";
import { withOwnDatabase } from "./database/own-database.ts";
import { measureLedger } from "./ledger/measure-ledger.ts";
import { settingsOf } from "./workload/setting.ts";

const SPAN = { atLeastMs: 1, atMostMs: 1_000 };

/** As little as still goes through every part. */
const TINY: BenchScale = {
  rounds: 1,
  warmUp: SPAN,
  round: SPAN,
  budgetMs: 0,
  settings: settingsOf({ ordersPerCall: [1, 3], callers: [1, 4] }),
  baselineConnections: [1, 2],
  skus: 20,
  webhook: { skus: 5, rates: [20], rounds: 1, roundMs: 200, patienceMs: 60_000 },
  idle: { skus: 30, load: SPAN, restSeconds: 0 },
};

const { url } = await testDatabase({ empty: true });
const { signal } = new AbortController();
const onProgress = (): void => undefined;

test("what is counted through the ledger and by hand is in the database", async () => {
  await withOwnDatabase(url, "onepool_bench_counted", async (database) => {
    const { settings, baselineConnections, skus, warmUp, round } = TINY;
    const pace = { rounds: 1, warmUp, round, budgetMs: 0, signal, onProgress };
    const measured = await measureLedger(database, { settings, baselineConnections, skus, pace });
    const countedBy = (kind: string): number =>
      measured
        .filter(({ name }) => name.kind === kind)
        .flatMap(({ rounds }) => rounds)
        .reduce((sum, { lines }) => sum + lines, 0);
    const { rows } = await database.pool.query<{ orders: number; by_hand: number; taken: number }>(
      `select (select count(*)::int from sales_order) as orders,
         (select count(*)::int from baseline.order_line) as by_hand,
         (select sum(1000000000 - available)::int from baseline.stock) as taken`,
    );
    // The way up and the warm-up are in the database as well, and not counted.
    expect(rows[0]?.orders).toBeGreaterThan(countedBy("ledger"));
    expect(rows[0]?.by_hand).toBeGreaterThan(countedBy("baseline"));
    expect(rows[0]?.taken).toBe(rows[0]?.by_hand);
    expect(measured.every(({ rounds }) => rounds.every(({ lines }) => lines > 0))).toBe(true);
  });
});

test("every part runs, prints its table and leaves nothing behind", async () => {
  const printed: string[] = [];
  const result = await runBench({
    serverUrl: url,
    scale: TINY,
    options: {
      isQuick: true,
      parts: new Set(["ledger", "http", "webhook", "idle"]),
      profileFolder: undefined,
    },
    signal,
    print: (text) => void printed.push(text),
    onProgress,
  });
  expect(printed).toHaveLength(5);
  expect(JSON.parse(JSON.stringify(result))).toMatchObject({
    parts: {
      ledger: { result: expect.arrayContaining([expect.objectContaining({ kind: "baseline" })]) },
      http: { result: expect.arrayContaining([expect.objectContaining({ kind: "plain fastify" })]) },
      webhook: { result: { rows: [{ perSecond: 20, rounds: [{ sales: 4, issued: 4 }] }] } },
      idle: { result: { skus: 30 } },
    },
    ratios: expect.arrayContaining([expect.objectContaining({ mark: { floor: 0.25, goal: 0.5 } })]),
  });
  await withOwnDatabase(url, "onepool_bench_looks", async ({ pool }) => {
    const { rows } = await pool.query(
      "select datname from pg_database where datname like 'onepool\\_bench\\_%' and datname <> current_database()",
    );
    expect(rows).toEqual([]);
  });
});
