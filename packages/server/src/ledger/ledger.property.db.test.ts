// The ledger on PostgreSQL does exactly what the rules do in memory: same numbers, same refusals, same balances.
import type { Command } from "@onepool/core/ledger/command.ts";
import { keyOf } from "@onepool/core/ledger/ledger-state.ts";
import { anyCommand, FOUNDATION, SKUS } from "@onepool/core/ledger/testing/arbitrary-commands.ts";
import { LedgerStory, NOON } from "@onepool/core/ledger/testing/ledger-story.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { testDatabase } from "../testing/test-database.ts";
import type { CommandResult } from "./submission.ts";
import { openTestLedger, StandingClock } from "./testing/test-ledger.ts";
import { verifyLedger } from "./verify/verify-ledger.ts";

const database = await testDatabase();

/** What the rules answer to one command after another. */
function inMemory(story: LedgerStory, commands: readonly Command[]): CommandResult[] {
  return commands.map((command) => {
    const first = story.entries.length + 1;
    const decision = story.tell(command);
    if (!decision.ok) return decision;
    return "entries" in decision ? { ok: true, seq: first, answer: decision.answer } : decision;
  });
}

async function balances(sellerId: number): Promise<Record<string, number>> {
  const { rows } = await database.pool.query<{
    sku: string;
    location: string;
    bucket: string;
    units: number;
  }>(
    `select a.sku, a.location, a.bucket, (
       select m.after from movement m where m.seller_id = $1 and m.account_id = a.account_id order by seq desc, leg desc limit 1
     ) as units from account a where a.seller_id = $1`,
    [sellerId],
  );
  return Object.fromEntries(
    rows.map(({ sku, location, bucket, units }) => [keyOf(sku, location, bucket), units]),
  );
}

function balancesInMemory({ state }: LedgerStory): Record<string, number> {
  return Object.fromEntries(
    SKUS.flatMap((sku) =>
      [...(state.accountsOf(sku)?.values() ?? [])].map(({ location, bucket, units }) => [
        keyOf(sku, location, bucket),
        units,
      ]),
    ),
  );
}

describe("a ledger on PostgreSQL", () => {
  // The memory of 3 rows is forgotten all the time, so that every kind of row is loaded again.
  it.each([
    { way: "one command at a time, with hardly any memory", batch: 1, cachedRows: 3 },
    { way: "seven commands per submission, with hardly any memory", batch: 7, cachedRows: 3 },
    { way: "all in one submission", batch: 1_000, cachedRows: 20_000 },
  ])("answers and holds what the rules say: $way", async ({ batch, cachedRows }) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyCommand, { minLength: 1, maxLength: 40 }), async (commands) => {
        const clock = new StandingClock(NOON);
        const { ledger, sellerId, tell, pool } = await openTestLedger(database, {
          clock,
          limits: { cachedRows },
        });
        const story = new LedgerStory();
        try {
          const all = [...FOUNDATION, ...commands];
          const results: CommandResult[] = [];
          for (let at = 0; at < all.length; at += batch)
            results.push(...(await tell(...all.slice(at, at + batch))));
          expect(results).toEqual(inMemory(story, all));
          expect(await balances(sellerId)).toEqual(balancesInMemory(story));
          expect((await verifyLedger(database.pool, sellerId)).differences).toEqual([]);
        } finally {
          await ledger.close();
          await pool.end();
        }
      }),
      { numRuns: 40 },
    );
  });

  it("decides concurrent submissions in some order that the rules allow, without a gap", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyCommand, { minLength: 5, maxLength: 60 }), async (commands) => {
        const clock = new StandingClock(NOON);
        const { ledger, sellerId, tell, pool } = await openTestLedger(database, {
          clock,
          limits: { cachedRows: 3 },
        });
        const story = new LedgerStory();
        try {
          await tell(...FOUNDATION);
          inMemory(story, FOUNDATION);
          const results = await Promise.all(commands.map(async (command) => (await tell(command))[0]));
          // They came in this order to one seller's queue, so this is the order.
          expect(results).toEqual(inMemory(story, commands));
          expect(await balances(sellerId)).toEqual(balancesInMemory(story));
          expect((await verifyLedger(database.pool, sellerId)).differences).toEqual([]);
        } finally {
          await ledger.close();
          await pool.end();
        }
      }),
      { numRuns: 30 },
    );
  });

  it("does so through two writers in turn, each of which remembers what the other changes", async () => {
    const turns = fc.array(fc.tuple(anyCommand, fc.boolean()), { minLength: 5, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(turns, async (commands) => {
        const clock = new StandingClock(NOON);
        const one = await openTestLedger(database, { clock, connections: 1 });
        const two = await openTestLedger(database, { clock, connections: 1, sellerId: one.sellerId });
        const story = new LedgerStory();
        try {
          await one.tell(...FOUNDATION);
          inMemory(story, FOUNDATION);
          for (const [command, isOne] of commands)
            expect(await (isOne ? one : two).tell(command)).toEqual(inMemory(story, [command]));
          expect(await balances(one.sellerId)).toEqual(balancesInMemory(story));
          expect((await verifyLedger(database.pool, one.sellerId)).differences).toEqual([]);
        } finally {
          for (const { ledger, pool } of [one, two]) {
            await ledger.close();
            await pool.end();
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});
