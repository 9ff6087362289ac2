import { beforeAll, beforeEach, expect, test } from "vitest";

import { addSeller } from "../connections/testing/channel-seller.ts";
import { storeFacts } from "../intake/keeper/keeper-fact-store.ts";
import { readSettings } from "../settings/settings.ts";
import { testDatabase } from "../testing/test-database.ts";
import { runCommand } from "./run-command.ts";

const database = await testDatabase();
const { pool } = database;
let first = 0;
let other = 0;

async function onepool(...words: string[]): Promise<{ code: number; lines: string[]; noted: string }> {
  const lines: string[] = [];
  let noted = "";
  const code = await runCommand(words, {
    settings() {
      const environment = { DATABASE_URL: database.url, ONEPOOL_SECRET_KEY: "s".repeat(32) };
      const answer = readSettings({ environment, folder: "/tmp" });
      if (!answer.ok) throw new Error(answer.sentences.join());
      return answer.settings;
    },
    folder: "/tmp",
    print: (line) => lines.push(line),
    note: (line) => (noted += `${line}\n`),
  });
  return { code, lines, noted };
}

beforeAll(async () => {
  first = await addSeller(pool, "first");
  other = await addSeller(pool, "other");
});

beforeEach(async () => {
  await pool.query("delete from keeper_fact");
  const lost = {
    kind: "adjustment",
    occurredAt: 0,
    item: "A",
    facility: "F1",
    sellable: -1,
    held: 0,
  } as const;
  for (const [sellerId, code, id] of [
    [first, "wh", "bad-1"],
    [first, "wh", "bad-2"],
    [first, "east", "bad-3"],
    [other, "wh", "bad-4"],
    [first, "wh", "fine"],
  ] as const) {
    const origin = { sellerId, code, way: "api", deliveryId: null, receivedAt: Date.now() } as const;
    await storeFacts(pool, origin, [{ ...lost, factId: id, reason: "lost" }]);
  }
  await pool.query(
    "update keeper_fact set state = 'poison', attempts = 9, error = 'because' where fact_id like 'bad%'",
  );
});

const ids = (lines: readonly string[]) => lines.map((line) => line.split("\t")[4]);

async function due(): Promise<string[]> {
  const { rows } = await pool.query<{ fact_id: string }>(
    "select fact_id from keeper_fact where state = 'due' and attempts = 0 order by 1",
  );
  return rows.map(({ fact_id: id }) => id);
}

test("what was put aside is listed with its reason, the newest first, of all or of one", async () => {
  const { code, lines } = await onepool("keeper", "facts");
  expect([code, ids(lines)]).toEqual([0, ["bad-4", "bad-3", "bad-2", "bad-1"]]);
  expect(lines[0]).toContain("because");
  expect(ids((await onepool("keeper", "facts", "--seller", "other")).lines)).toEqual(["bad-4"]);
  expect(ids((await onepool("keeper", "facts", "--connection", "east")).lines)).toEqual(["bad-3"]);
  expect(ids((await onepool("keeper", "facts", "--state", "due")).lines)).toEqual(["fine"]);
});

test("one fact is tried again by its id, or all that were put aside", async () => {
  const listed = await onepool("keeper", "facts", "--connection", "east");
  const [id = ""] = (listed.lines[0] ?? "").split("\t");
  expect(await onepool("keeper", "replay", id)).toMatchObject({
    code: 0,
    lines: ["It will be tried again."],
  });
  expect(await due()).toEqual(["bad-3", "fine"]);
  expect((await onepool("keeper", "replay", "poison", "--seller", "first")).lines).toEqual([
    "2 facts will be tried again.",
  ]);
  expect(await due()).toEqual(["bad-1", "bad-2", "bad-3", "fine"]);
  await pool.query("update keeper_fact set state = 'done'");
  expect((await onepool("keeper", "replay", id)).lines).toEqual(["It is done."]);
});

test("wrong words are told as such", async () => {
  expect(await onepool("keeper", "replay", "nonsense")).toMatchObject({ code: 2 });
  expect(await onepool("keeper", "facts", "--state", "odd")).toMatchObject({ code: 2 });
  expect(await onepool("keeper", "facts", "--seller", "nobody")).toMatchObject({ code: 1 });
  const gone = Buffer.from(JSON.stringify([first, "wh", "gone"])).toString("base64url");
  expect(await onepool("keeper", "replay", gone)).toMatchObject({ code: 1 });
});
