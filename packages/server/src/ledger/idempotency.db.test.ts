import type { Command } from "@onepool/core/ledger/command.ts";
import { afterAll, describe, expect, it } from "vitest";

import { testDatabase } from "../testing/test-database.ts";
import { ANSWER_AGE_MS, purgeAnswers } from "./purge-answers.ts";
import type { CommandResult, Submission } from "./submission.ts";
import { openTestLedger, StandingClock } from "./testing/test-ledger.ts";

const database = await testDatabase();
const clock = new StandingClock(1_795_428_000_000);
const one = await openTestLedger(database, { clock });
const other = await openTestLedger(database, { clock, sellerId: one.sellerId });
await one.tell({ kind: "put_sku", sku: "A", attributes: {} });

afterAll(async () => {
  await one.ledger.close();
  await other.ledger.close();
});

let receipts = 0;
const receipt = (units: number): Command => ({
  kind: "movement",
  movement: "receipt",
  sku: "A",
  location: "main",
  units,
  externalId: `receipt-${++receipts}`,
  occurredAt: clock.now(),
});

const keyed = (key: string, requestHash = "hash"): Submission["idempotency"] => ({
  key,
  requestHash,
  answerOf: (results: readonly CommandResult[]) => ({
    status: 200,
    answer: { seqs: results.map((result) => (result.ok ? result.seq : null)) },
  }),
});

async function entries(): Promise<number> {
  const { rows } = await database.pool.query<{ seq: number }>("select seq from head where seller_id = $1", [
    one.sellerId,
  ]);
  return rows[0]?.seq ?? 0;
}

describe("a submission under an idempotency key", () => {
  it("is applied once and replayed with its first answer, also by another process and after a restart", async () => {
    const first = await one.submit([receipt(1)], keyed("k-1"));
    expect(first).toMatchObject({ kind: "done" });
    const seq = await entries();
    const replay = { kind: "replayed", status: 200, answer: { seqs: [seq] } };
    expect(await one.submit([receipt(1)], keyed("k-1"))).toEqual(replay);
    expect(await other.submit([receipt(1)], keyed("k-1"))).toEqual(replay);
    const restarted = await openTestLedger(database, { clock, sellerId: one.sellerId });
    expect(await restarted.submit([receipt(1)], keyed("k-1"))).toEqual(replay);
    await restarted.ledger.close();
    expect(await entries()).toBe(seq);
  });

  it("is a conflict with another body, and nothing is applied", async () => {
    await one.submit([receipt(1)], keyed("k-2", "this"));
    const seq = await entries();
    expect(await one.submit([receipt(1)], keyed("k-2", "that"))).toEqual({ kind: "idempotency_conflict" });
    expect(await other.submit([receipt(1)], keyed("k-2", "that"))).toEqual({ kind: "idempotency_conflict" });
    expect(await entries()).toBe(seq);
  });

  it("is applied once when it comes many times at the same moment, through two processes", async () => {
    const before = await entries();
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        (index % 2 === 0 ? one : other).submit([receipt(1)], keyed("k-3")),
      ),
    );
    expect(answers.filter(({ kind }) => kind === "done")).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === "replayed")).toHaveLength(59);
    expect(
      new Set(answers.map((answer) => JSON.stringify("answer" in answer ? answer.answer : null))).size,
    ).toBe(2);
    expect(await entries()).toBe(before + 1);
  });

  it("keeps a refusal too, although it recorded nothing", async () => {
    const before = await entries();
    const unknown: Command = { ...receipt(1), sku: "NOBODY" } as Command;
    expect(await one.submit([unknown], keyed("k-4"))).toMatchObject({ kind: "done" });
    expect(await other.submit([unknown], keyed("k-4"))).toEqual({
      kind: "replayed",
      status: 200,
      answer: { seqs: [null] },
    });
    expect(await entries()).toBe(before);
  });

  it("does not keep a failure of ours: the caller may try again with the same key", async () => {
    const throwing = { kind: "order", source: "api", order: null } as unknown as Command;
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(await one.submit([throwing], keyed("k-5"))).toMatchObject({
        kind: "done",
        results: [{ ok: false, rejection: { code: "internal_error" } }],
      });
    }
    expect(await one.submit([receipt(1)], keyed("k-5"))).toMatchObject({
      kind: "done",
      results: [{ ok: true }],
    });
  });

  it("is forgotten after seven days, and not a moment before", async () => {
    await one.submit([receipt(1)], keyed("k-6"));
    const { rows } = await database.pool.query<{ at: number }>(
      "select (extract(epoch from created_at) * 1000)::bigint as at from idempotent_answer where key = 'k-6'",
    );
    const createdAt = rows[0]?.at ?? 0;
    const kept = async (): Promise<number> =>
      (await database.pool.query("select from idempotent_answer where key = 'k-6'")).rowCount ?? 0;
    await purgeAnswers(database.pool, createdAt + ANSWER_AGE_MS);
    expect(await kept()).toBe(1);
    await purgeAnswers(database.pool, createdAt + ANSWER_AGE_MS + 1);
    expect(await kept()).toBe(0);
  });
});
