import type { JsonObject } from "@onepool/core/ledger/json.ts";
import { beforeEach, describe, expect, test } from "vitest";

import { addSeller, tell, testLedger } from "../../connections/testing/channel-seller.ts";
import { testDatabase } from "../../testing/test-database.ts";
import { waitUntil } from "../../testing/wait-until.ts";
import { askForLevels, askForOrder } from "./look-store.ts";
import { completed, keeperReaders, progressOf, Warehouse } from "./testing/read-keepers.ts";

const database = await testDatabase();
const { pool } = database;
const ledger = testLedger(database);
const warehouse = await Warehouse.open();
const readers = keeperReaders(database);

const SINCE = Date.parse("2026-11-01T00:00:00Z");
let sellerId = 0;
let code = "";
let nth = 0;

beforeEach(async () => {
  nth += 1;
  sellerId = await addSeller(pool, `seller-${nth}`);
  code = `wh-${nth}`;
  warehouse.script({});
  await pool.query("delete from channel_account");
});

async function connect(settings: JsonObject = {}): Promise<void> {
  await tell(ledger, sellerId, {
    kind: "put_connection",
    code,
    connectionKind: "plain",
    mode: "live",
    since: SINCE,
    settings: warehouse.settings(settings),
  });
}

const key = () => ({ sellerId, code });
const line = (item: string, onHand = 1) => ({ item, facility: "F1", onHand, held: 0 });
const page = (lines: object[], nextPage: string | null) => ({
  kind: "levels",
  asOf: { from: Date.now(), to: Date.now() },
  lines,
  nextPage,
});
const picked = (factId: string) => ({
  kind: "pick",
  factId,
  occurredAt: SINCE + 1,
  keeperOrderId: "1",
  item: "A",
  facility: "F1",
  units: 1,
});
const shipped = (factId: string) => ({
  kind: "shipment",
  factId,
  occurredAt: SINCE + 1,
  updatedAt: null,
  keeperOrderId: factId,
  reference: null,
  status: "shipped",
  lines: [],
});

interface Kept {
  readonly fact_id: string;
  readonly way: string;
  readonly snapshot_id: string | null;
  readonly part: number | null;
  readonly is_last_part: boolean | null;
  readonly items: string[];
}

async function facts(way: string): Promise<Kept[]> {
  const { rows } = await pool.query<Kept>(
    `select fact_id, way, snapshot_id, part, is_last_part,
       array(select l ->> 'item' from json_array_elements(coalesce(body -> 'lines', '[]')) l) as items
     from keeper_fact where connection = $1 and way = $2 order by arrival`,
    [code, way],
  );
  return rows;
}

describe("levels", () => {
  test("are read page by page into parts of one snapshot, the last of which says so", async () => {
    warehouse.script({
      levels: (query) =>
        ({ "": page([line("A"), line("B")], "2"), "2": page([], "3"), "3": page([line("C")], null) })[
          query.get("page") ?? ""
        ],
    });
    await connect();
    readers.start();
    await completed(pool, code, "levels");
    const kept = await facts("levels");
    expect(kept.map(({ part, is_last_part: isLast, items }) => [part, isLast, items])).toEqual([
      [1, false, ["A", "B"]],
      [2, true, ["C"]],
    ]);
    expect(new Set(kept.map(({ snapshot_id: id }) => id)).size).toBe(1);
    expect((await progressOf(pool, code, "levels"))?.progress).toBeNull();
  });

  test("go on where they broke off, in another process, without reading a page twice", async () => {
    let isBroken = true;
    warehouse.script({
      levels: (query) => {
        if (query.get("page") === "") return page([line("A")], "2");
        return isBroken ? 503 : page([line("B")], null);
      },
    });
    await connect();
    readers.start();
    await waitUntil(async () => ((await progressOf(pool, code, "levels"))?.attempts ?? 0) > 0);
    await readers.stop();
    isBroken = false;
    await pool.query("update keeper_progress set due_at = now() where connection = $1", [code]);
    readers.start();
    await completed(pool, code, "levels");
    const kept = await facts("levels");
    expect(kept.map(({ part, is_last_part: isLast, items }) => [part, isLast, items])).toEqual([
      [1, false, ["A"]],
      [2, true, ["B"]],
    ]);
    expect(warehouse.asked("levels").filter((query) => query.get("page") === "")).toHaveLength(1);
  });

  test("that the keeper has to prepare are asked for again when it says", async () => {
    warehouse.script({
      levels: (query, call) =>
        call < 4
          ? { kind: "pending", page: "job-7", askAgainAfterMs: 1 }
          : page([line(query.get("page") ?? "")], null),
    });
    await connect();
    readers.start();
    await completed(pool, code, "levels");
    expect((await facts("levels")).map(({ items }) => items)).toEqual([["job-7"]]);
    expect(warehouse.asked("levels").map((query) => query.get("page"))).toEqual([
      "",
      "job-7",
      "job-7",
      "job-7",
    ]);
  });

  test("whose list never ends are given up and told as what they are", async () => {
    warehouse.script({ levels: () => page([], "same") });
    await connect();
    readers.start();
    await waitUntil(async () => ((await progressOf(pool, code, "levels"))?.attempts ?? 0) > 0);
    expect((await progressOf(pool, code, "levels"))?.error?.message).toContain("never ends");
  });

  test("are read within the budget, and a keeper that says too much is left alone for a while", async () => {
    const pages = 12;
    warehouse.script({
      levels: (query, call) => {
        const at = Number(query.get("page") ?? 0);
        if (call === 3) return 429;
        return page([line(`I${at}`)], at === pages - 1 ? null : String(at + 1));
      },
    });
    await connect({ limits: { reads: { perMinute: 6_000, burst: 2 } } });
    readers.start();
    await waitUntil(async () => (await facts("levels")).some(({ is_last_part: isLast }) => isLast === true));
    expect((await facts("levels")).flatMap(({ items }) => items)).toEqual(
      Array.from({ length: pages }, (_, index) => `I${index}`),
    );
  });
});

describe("what happened since", () => {
  test("is collected by the keeper's cursor, from the cut-over on, until there is no more", async () => {
    const told: Record<string, unknown> = {
      "": { facts: [picked("a")], cursor: "1", hasMore: true },
      "1": { facts: [picked("b"), picked("a")], cursor: "2", hasMore: true },
      "2": { facts: [], cursor: "2", hasMore: true },
    };
    warehouse.script({ log: (query) => told[query.get("cursor") ?? ""] });
    await connect();
    readers.start();
    await completed(pool, code, "collect");
    expect((await facts("collect")).map(({ fact_id: id }) => id)).toEqual(["a", "b"]);
    expect((await progressOf(pool, code, "collect"))?.cursor).toBe("2");
    expect(warehouse.asked("log").map((query) => [query.get("cursor"), query.get("since")])).toEqual(
      ["", "1", "2"].map((cursor) => [cursor, String(SINCE)]),
    );
  });

  test("[I3] moves no cursor without its facts: what dies in between is collected again", async () => {
    warehouse.script({
      log: () => ({ facts: [picked("a"), picked("killed")], cursor: "9", hasMore: false }),
    });
    await pool.query("alter table keeper_fact add constraint for_a_test check (fact_id <> 'killed')");
    try {
      await connect();
      readers.start();
      await waitUntil(async () => ((await progressOf(pool, code, "collect"))?.attempts ?? 0) > 0);
      expect((await progressOf(pool, code, "collect"))?.cursor).toBeNull();
      expect(await facts("collect")).toEqual([]);
    } finally {
      await pool.query("alter table keeper_fact drop constraint for_a_test");
    }
    await pool.query("update keeper_progress set due_at = now() where connection = $1", [code]);
    await completed(pool, code, "collect");
    expect((await progressOf(pool, code, "collect"))?.cursor).toBe("9");
    expect((await facts("collect")).map(({ fact_id: id }) => id)).toEqual(["a", "killed"]);
  });

  test("that could not be read at all is told to people", async () => {
    const refused = [{ name: "stock.csv", reason: "line 3: no number" }];
    warehouse.script({ log: () => ({ facts: [], cursor: "1", hasMore: false, refused }) });
    await connect();
    readers.start();
    await completed(pool, code, "collect");
    await readers.stop();
    const { rows } = await pool.query("select kind, body from observation where connection = $1", [code]);
    expect(rows).toEqual([{ kind: "file_refused", body: refused[0] }]);
  });

  test("documents are listed from some time before what the last list reached", async () => {
    warehouse.script({
      documents: (query) =>
        query.get("page") === ""
          ? { facts: [shipped("d-1")], nextPage: "2" }
          : { facts: [shipped("d-2")], nextPage: null },
    });
    await connect();
    readers.start();
    await completed(pool, code, "documents");
    const reached = Date.now();
    await pool.query(
      "update keeper_progress set due_at = now(), complete_at = 'epoch' where connection = $1",
      [code],
    );
    await waitUntil(() => warehouse.asked("documents").length === 4);
    const [first, , again] = warehouse.asked("documents").map((query) => Number(query.get("from")));
    expect(first).toBe(SINCE - 61_000);
    expect(again).toBeGreaterThan(SINCE);
    expect(again).toBeLessThanOrEqual(reached - 61_000);
    expect((await facts("documents")).map(({ fact_id: id }) => id)).toEqual(["d-1", "d-2"]);
  });
});

describe("what somebody asks for", () => {
  const looked = async () =>
    (await pool.query("select from keeper_look where connection = $1", [code])).rowCount;

  test("is read soon: items together, as many as one call may name, and each once", async () => {
    warehouse.script({
      levels: (query) =>
        page(
          (query.get("items") ?? "").split(",").map((item) => line(item)),
          null,
        ),
    });
    await connect();
    await askForLevels(pool, key(), ["A", "B", "C", "A"], Date.now() - 2_000);
    await askForLevels(pool, key(), ["B", "nul\0", ""], Date.now() - 2_000);
    readers.start();
    await waitUntil(async () => (await looked()) === 0);
    const named = warehouse.asked("levels").map((query) => query.get("items"));
    expect(new Set(named.filter((items) => items !== ""))).toEqual(new Set(["A,C", "B"]));
    const kept = (await facts("levels")).filter(({ fact_id: id }) => id.startsWith("look-"));
    expect(kept.flatMap(({ items }) => items).toSorted()).toEqual(["A", "B", "C"]);
  });

  test("and refused goes alone, then is given up, and keeps nothing else waiting", async () => {
    warehouse.script({
      levels: (query) => {
        const items = query.get("items") ?? "";
        return items.includes("BAD") ? 400 : page([line(items)], null);
      },
    });
    await connect();
    await askForLevels(pool, key(), ["BAD", "GOOD"], Date.now() - 2_000);
    readers.start();
    await waitUntil(async () => (await looked()) === 0);
    const named = warehouse.asked("levels").map((query) => query.get("items"));
    expect(named.filter((items) => items === "GOOD")).toHaveLength(1);
    expect(named.filter((items) => items?.includes("BAD")).length).toBeLessThanOrEqual(4);
  });

  test("of an order is what it is by then; one that is not there is no news", async () => {
    warehouse.script({ order: (query) => (query.get("reference") === "op-1" ? shipped("o-1") : null) });
    await connect();
    await askForOrder(pool, key(), { reference: "op-1" }, Date.now() - 2_000);
    await askForOrder(pool, key(), { keeperOrderId: "17" }, Date.now() - 2_000);
    readers.start();
    await waitUntil(async () => (await looked()) === 0);
    expect((await facts("order")).map(({ fact_id: id }) => id)).toEqual(["o-1"]);
    expect(warehouse.asked("order")).toHaveLength(2);
  });

  test("for later is not read before", async () => {
    await connect();
    await askForLevels(pool, key(), ["LATER"], Date.now() + 3_600_000);
    await askForLevels(pool, key(), ["NOW"], Date.now() - 2_000);
    readers.start();
    await waitUntil(async () => (await looked()) === 1);
    await completed(pool, code, "looks");
    const due = (await progressOf(pool, code, "looks"))?.due_at.getTime() ?? 0;
    expect(due).toBeGreaterThan(Date.now() + 3_000_000);
    expect(warehouse.asked("levels").some((query) => query.get("items")?.includes("LATER"))).toBe(false);
  });
});

describe("two processes", () => {
  test("read each page once, and store each fact once", async () => {
    warehouse.script({
      levels: (query) => {
        const at = Number(query.get("page") ?? 0);
        return page([line(`I${at}`)], at === 40 ? null : String(at + 1));
      },
      log: (query) => {
        const at = Number(query.get("cursor") ?? 0);
        return { facts: [picked(`p-${at}`)], cursor: String(at + 1), hasMore: at < 40 };
      },
    });
    await connect();
    readers.start(2);
    await completed(pool, code, "levels");
    await completed(pool, code, "collect");
    expect(warehouse.asked("levels")).toHaveLength(41);
    expect(warehouse.asked("log")).toHaveLength(41);
    expect(await facts("levels")).toHaveLength(41);
    expect(await facts("collect")).toHaveLength(41);
  });
});
