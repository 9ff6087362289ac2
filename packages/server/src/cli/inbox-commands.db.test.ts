import { beforeAll, beforeEach, describe, expect, test } from "vitest";

import { addSeller } from "../connections/testing/channel-seller.ts";
import { readSettings } from "../settings/settings.ts";
import { testDatabase } from "../testing/test-database.ts";
import { runCommand } from "./run-command.ts";

const database = await testDatabase();
const { pool } = database;
let first = 0;
let other = 0;

async function onepool(...words: string[]): Promise<{ code: number; printed: string; noted: string }> {
  let printed = "";
  let noted = "";
  const code = await runCommand(words, {
    settings() {
      const environment = { DATABASE_URL: database.url, ONEPOOL_SECRET_KEY: "s".repeat(32) };
      const answer = readSettings({ environment, folder: "/tmp" });
      if (!answer.ok) throw new Error(answer.sentences.join());
      return answer.settings;
    },
    folder: "/tmp",
    print: (line) => (printed += `${line}\n`),
    note: (line) => (noted += `${line}\n`),
  });
  return { code, printed, noted };
}

/** Done rows of the first seller, one of which was put aside and tells a state. */
async function fill(): Promise<void> {
  await pool.query("delete from inbox; delete from noticed_state; delete from stray_message");
  await pool.query(
    `insert into inbox (seller_id, connection, topic, resource, body, arrivals, done_arrivals, first_received_at,
       last_received_at, next_attempt_at, attempts, error, poisoned_at, not_before)
     values ($1, 'amz', 'ORDER_CHANGE', '/orders/1', '"text"', 1, 0, '2026-11-23T10:00Z', '2026-11-23T10:00Z', now(), 16, 'no', now(),
         now() + interval '1 hour'),
       ($1, 'amz', 'ORDER_CHANGE', '/orders/2', '""', 3, 3, '2026-11-23T11:00Z', '2026-11-23T11:00Z', now(), 0, null, null, null),
       ($2, 'amz', 'ORDER_CHANGE', '/orders/1', '""', 1, 0, '2026-11-23T12:00Z', '2026-11-23T12:00Z', now(), 16, 'no', now(), null)`,
    [first, other],
  );
  await pool.query(
    `insert into noticed_state values ($1, 'amz', 'ORDER_CHANGE', '/orders/1', 'h', '"told"', now(), now())`,
    [first],
  );
  await pool.query(
    `insert into stray_message values ('http://q', 'm-1', null, 'amazon', null, 'malformed at x', '"garbage"', null, now())`,
  );
}

beforeAll(async () => {
  first = await addSeller(pool, "first");
  other = await addSeller(pool, "other");
});
beforeEach(fill);

const due = async () => {
  const { rows } = await pool.query<{ key: string }>(
    `select seller_id || resource as key from inbox
     where arrivals > done_arrivals and poisoned_at is null and not_before is null and attempts = 0 order by 1`,
  );
  return rows.map(({ key }) => key);
};
const idOf = async (...words: string[]) =>
  (await onepool("inbox", "list", ...words)).printed.split("\t")[0] ?? "";

describe("inbox list", () => {
  test("shows what was put aside, with its reason, attempts and age", async () => {
    const { code, printed } = await onepool("inbox", "list", "--seller", "first");
    expect(code).toBe(0);
    expect(printed).toMatch(/\tamz\tORDER_CHANGE\t\/orders\/1\t16 attempts\t2026-11-23T10:00:00.000Z\tno\n$/);
    expect((await onepool("inbox", "list")).printed.trim().split("\n")).toHaveLength(2);
  });

  test("shows stray messages and what waits, where that is asked for", async () => {
    expect((await onepool("inbox", "list", "--state", "stray")).printed).toContain("malformed at x");
    expect((await onepool("inbox", "list", "--state", "waiting")).printed).toBe("");
    expect((await onepool("inbox", "list", "--state", "odd")).code).toBe(2);
    expect((await onepool("inbox", "list", "--seller", "nobody")).code).toBe(1);
  });
});

describe("inbox show", () => {
  test("prints everything of one, what it told included", async () => {
    const { printed } = await onepool("inbox", "show", await idOf("--seller", "first"));
    expect(JSON.parse(printed)).toMatchObject({
      resource: "/orders/1",
      body: "text",
      told: [{ body: "told" }],
    });
    const stray = await onepool("inbox", "show", await idOf("--state", "stray"));
    expect(JSON.parse(stray.printed)).toMatchObject({ message_id: "m-1", body: "garbage" });
  });

  test("refuses what is no id, and one of nothing", async () => {
    expect((await onepool("inbox", "show", "nonsense")).code).toBe(2);
    const id = await idOf("--seller", "first");
    await pool.query("delete from inbox");
    expect((await onepool("inbox", "show", id)).code).toBe(1);
  });
});

describe("inbox replay", () => {
  test("has one processed again, with what it told, any number of times", async () => {
    const id = await idOf("--seller", "first");
    for (let time = 0; time < 2; time++) {
      expect(await onepool("inbox", "replay", id)).toMatchObject({ code: 0 });
      expect(await due()).toEqual([`${first}/orders/1`]);
    }
    const { rows } = await pool.query("select posted_at from noticed_state");
    expect(rows).toEqual([{ posted_at: null }]);
  });

  test("has all that were put aside processed again, of everybody or of one seller", async () => {
    expect((await onepool("inbox", "replay", "poisoned", "--seller", "other")).printed).toContain(
      "1 notification will",
    );
    expect(await due()).toEqual([`${other}/orders/1`]);
    await onepool("inbox", "replay", "poisoned");
    expect(await due()).toEqual([`${first}/orders/1`, `${other}/orders/1`]);
  });

  test("has everything since an instant processed again, what was done included", async () => {
    expect((await onepool("inbox", "replay", "2026-11-23T10:30:00Z", "--seller", "first")).code).toBe(0);
    expect(await due()).toEqual([`${first}/orders/2`]);
    await onepool("inbox", "replay", "2026-11-23T09:00:00Z");
    expect(await due()).toEqual([`${first}/orders/1`, `${first}/orders/2`, `${other}/orders/1`]);
  });

  test("has a stray message tried again by whoever reads its queue", async () => {
    expect((await onepool("inbox", "replay", await idOf("--state", "stray"))).code).toBe(0);
    const { rows } = await pool.query("select reason from stray_message");
    expect(rows).toEqual([{ reason: "to be tried again" }]);
  });
});
