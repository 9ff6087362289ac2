// The connector over real HTTP: what it asks, and what it makes of answers that a script gives.
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { factFaults } from "../contract/testing/fact-faults.ts";
import type { Answer, Asked } from "../contract/testing/scripted-vendor.ts";
import { valueOf } from "../contract/testing/value-of.ts";
import rawHistory from "./fixtures/history.json" with { type: "json" };
import rawLevels from "./fixtures/levels.json" with { type: "json" };
import rawOrder from "./fixtures/order.json" with { type: "json" };
import rawReceiving from "./fixtures/receiving-order.json" with { type: "json" };
import rawReturn from "./fixtures/return.json" with { type: "json" };
import { bodyOf, INVENTORY, pathOf, queryOf, ShipBobBench } from "./testing/shipbob-bench.ts";

const DAY_MS = 86_400_000;

let bench: ShipBobBench;

beforeEach(async () => {
  bench = await ShipBobBench.open();
});
afterEach(() => bench.close());

describe("a connection", () => {
  it.each([
    [{ baseUrl: "no url" }, { accessToken: "x" }, "wrong_settings"],
    [{ channelId: "main" }, { accessToken: "x" }, "wrong_settings"],
    [{ locations: { Cicero: "main" } }, { accessToken: "x" }, "wrong_settings"],
    [{}, {}, "wrong_credentials"],
  ])("with settings %j and credentials %j is refused by name", (change, credentials, code) => {
    expect(bench.connect(change, credentials)).toMatchObject({ ok: false, error: { kind: "auth", code } });
    expect(bench.asked).toEqual([]);
  });

  it("knows its account and places, and the channel it may write to", async () => {
    const channels = [
      { id: 1, name: "Store", scopes: ["orders_read"] },
      { id: 2, name: "Onepool", scopes: ["orders_read", "orders_write"] },
    ];
    bench.answers({
      "GET /channel": [200, { items: channels, next: null }],
      "GET /location": [200, [{ id: 8, name: "Cicero (IL)", is_active: true }]],
    });
    expect(valueOf(await bench.keeper({ channelId: undefined }).readAccount())).toEqual({
      accountId: "2",
      facilities: [{ facility: "8", title: "Cicero (IL)" }],
    });
    expect(bench.asked[0]?.headers.authorization).toBe("Bearer pat-12345678");
  });

  it("does not guess between two channels", async () => {
    const channels = [1, 2].map((id) => ({ id, name: "", scopes: ["orders_write"] }));
    bench.answers({ "GET /channel": [200, { items: channels, next: null }] });
    expect(await bench.keeper({ channelId: undefined }).readAccount()).toMatchObject({
      ok: false,
      error: { kind: "auth", code: "wrong_settings", message: expect.stringContaining("channelId") },
    });
  });
});

describe("an answer that is not the one hoped for", () => {
  const limited = { statusCode: 429, message: "Rate limit is exceeded. Try again in 25 seconds." };
  it.each([
    [429, limited, { "x-retry-after": "25" }, { kind: "throttled", retryAfterMs: 25_000 }],
    [401, "", {}, { kind: "auth" }],
    [403, "", {}, { kind: "rejected", isOnlyThis: true }],
    [503, { title: "down" }, { "retry-after": "3" }, { kind: "transient", retryAfterMs: 3_000 }],
    [
      400,
      { errors: { PageSize: ["too large"] } },
      {},
      { message: "ShipBob answered 400: PageSize: too large" },
    ],
    [422, { sku: ["is odd"] }, {}, { kind: "rejected", message: "ShipBob answered 422: sku: is odd" }],
    [200, { items: "none" }, {}, { kind: "transient" }],
  ])("%d %j is said as what it means", async (status, body, headers, error) => {
    bench.vendor.api = () => [status, body, headers];
    const read = await bench.keeper().readLevels({});
    expect(read).toMatchObject({ ok: false, error });
    expect(read?.ok === false && read.error.mayHaveApplied === true).toBe(false);
  });

  it("never tells the token", async () => {
    bench.vendor.api = (call) => [400, { message: `bad ${call.headers.authorization}` }];
    const read = await bench.keeper().readLevels({});
    expect(JSON.stringify(read)).not.toContain("pat-12345678");
  });
});

describe("levels", () => {
  it("are read page by page, at our address alone, as of the time that the reading took", async () => {
    bench.vendor.api = () => {
      bench.now += 700;
      return [200, rawLevels];
    };
    const before = bench.now;
    const page = valueOf(await bench.keeper().readLevels({}));
    if (page.kind !== "levels") throw new Error(page.kind);
    expect(page.asOf).toEqual({ from: before, to: before + 700 });
    expect(page.lines).toHaveLength(3);
    await bench.keeper().readLevels({ page: page.nextPage ?? "" });
    expect(bench.asked.map(queryOf)).toEqual([{ PageSize: "250" }, { PageSize: "250", Cursor: "abc" }]);
    expect(bench.asked.map(pathOf)).toEqual(Array(2).fill("/inventory-level/locations"));
  });

  it("of some items are asked by number, exactly those, found by SKU where nothing was learned yet", async () => {
    const found = [
      { inventory_id: 601, sku: "KB-M-OLD" },
      { inventory_id: 501, sku: "KB-M" },
    ];
    bench.answers({
      "GET /inventory": (call) => [
        200,
        { items: queryOf(call).SearchBy === "KB-M" ? found : [], next: null },
      ],
      "GET /inventory-level/locations": [200, { ...rawLevels, next: null }],
    });
    const one = bench.keeper();
    await one.readLevels({ items: ["KB-M", "no such", "inventory:504"] });
    expect(queryOf(bench.asked.at(-1) as Asked)).toMatchObject({ InventoryIds: "501,504" });
    const asked = bench.asked.length;
    await one.readLevels({ items: ["KB-M"] });
    expect(bench.asked).toHaveLength(asked + 1);
  });

  it("of items that ShipBob does not have are none, and not those of all items", async () => {
    bench.answers({ "GET /inventory": [200, { items: [], next: null }] });
    expect(valueOf(await bench.keeper().readLevels({ items: ["no such"] }))).toMatchObject({
      lines: [],
      nextPage: null,
    });
    expect(bench.asked.map(pathOf)).toEqual(["/inventory"]);
  });
});

describe("the log", () => {
  const page = (ids: readonly number[], next: string | null): Answer => [
    200,
    { data: ids.map((id) => ({ ...rawHistory.data[0], inventory_audit_event_id: id })), next },
  ];

  /** Collects until there is no more; the questions that were asked, and the facts. */
  async function collectAll(cursor: string | null, since: number) {
    const facts: string[] = [];
    let at = cursor;
    for (let rounds = 0; rounds < 50; rounds++) {
      const collected = valueOf(await bench.keeper().collect({ cursor: at, since }));
      facts.push(...collected.facts.map(({ factId }) => factId));
      at = collected.cursor;
      if (!collected.hasMore) return { facts, cursor: at };
    }
    throw new Error("it never ends");
  }

  it("is read by facility and page, in windows that ShipBob takes, and goes on where it was", async () => {
    const since = bench.now - 100 * DAY_MS;
    bench.vendor.api = (call) => {
      const { facility_id: facility, cursor } = bodyOf(call);
      if (facility === 8 && cursor === undefined) return page([1, 2], "more");
      return facility === 8 && cursor === 2 ? page([3], null) : page([], null);
    };
    const { facts, cursor } = await collectAll(null, since);
    expect(facts).toContain("history:8:3");
    const asked = bench.asked.map(bodyOf);
    for (const { start_date: from, end_date: to } of asked)
      expect(Date.parse(String(to)) - Date.parse(String(from))).toBeLessThanOrEqual(90 * DAY_MS);
    const starts = asked.filter(({ facility_id: id }) => id === 12).map(({ start_date: from }) => from);
    expect(starts).toEqual([new Date(since), new Date(since + 89 * DAY_MS)].map((at) => at.toISOString()));
    bench.now += 60_000;
    bench.vendor.api = () => page([], null);
    bench.asked.length = 0;
    await collectAll(cursor, since);
    expect(bench.asked.map(bodyOf)).toEqual(
      [8, 12].map((id) => ({
        facility_id: id,
        start_date: new Date(bench.now - 960_000).toISOString(),
        end_date: new Date(bench.now).toISOString(),
      })),
    );
  });

  it("asked again with the same cursor tells the same", async () => {
    bench.vendor.api = () => page([1, 2], "more");
    const first = valueOf(await bench.keeper().collect({ cursor: null, since: bench.now - DAY_MS }));
    const again = () => bench.keeper().collect({ cursor: first.cursor, since: bench.now - DAY_MS });
    const one = valueOf(await again());
    bench.now += 5_000;
    expect(valueOf(await again())).toEqual(one);
    expect(bodyOf(bench.asked[1] as Asked)).toMatchObject({ facility_id: 8, cursor: 2 });
  });

  it("of a facility that was mapped later begins at the beginning, and an odd cursor is none", async () => {
    bench.vendor.api = () => page([], null);
    const since = bench.now - DAY_MS;
    const one = bench.keeper({ locations: { 8: "main" } });
    const first = valueOf(await one.collect({ cursor: "{", since }));
    bench.asked.length = 0;
    await collectAll(first.cursor, since);
    const starts = bench.asked.map(bodyOf).map((asked) => [asked.facility_id, asked.start_date]);
    expect(starts).toContainEqual([12, new Date(since).toISOString()]);
  });

  it("names what the log calls by number alone", async () => {
    const nameless = { ...rawHistory.data[4], inventory_id: 503 };
    bench.answers({
      "POST /inventory/history:query": [200, { data: [nameless], next: null }],
      "GET /inventory": [200, INVENTORY],
    });
    const collected = valueOf(await bench.keeper().collect({ cursor: null, since: bench.now - DAY_MS }));
    expect(collected.facts).toMatchObject([{ item: "SKU-503", sellable: 1 }]);
    expect(collected.facts.flatMap(factFaults)).toEqual([]);
  });

  it("that cannot be read moves nothing", async () => {
    bench.vendor.api = () => [500, ""];
    const collected = await bench.keeper().collect({ cursor: null, since: bench.now - DAY_MS });
    expect(collected).toMatchObject({ ok: false, error: { kind: "transient" } });
    expect(collected?.ok === false && collected.error.mayHaveApplied).toBeFalsy();
  });
});

describe("documents", () => {
  it("are listed one list after the other, until none is left", async () => {
    bench.answers({
      "GET /order": (call) => [200, queryOf(call).Page === "1" ? Array(50).fill(rawOrder) : [rawOrder]],
      "GET /inventory": [200, INVENTORY],
      "GET /receiving": [200, [rawReceiving]],
      "GET /return": [200, { items: [rawReturn], next: null }],
      "GET /shipment/70001": [200, { order_id: 90001, reference_id: "OP-1001" }],
    });
    const from = bench.now - 600_000;
    const one = bench.keeper();
    const seen = new Map<string, string>();
    let page: string | undefined;
    do {
      const listed = valueOf(await one.listDocuments({ from, ...(page ? { page } : {}) }));
      for (const fact of listed.facts) seen.set(fact.factId, fact.kind);
      expect(listed.facts.flatMap(factFaults)).toEqual([]);
      page = listed.nextPage ?? undefined;
      bench.now += 1_000;
    } while (page !== undefined);
    expect([...seen.values()]).toEqual(["shipment", "receipt", "return"]);
    const orders = bench.asked.filter((call) => pathOf(call) === "/order").map(queryOf);
    expect(orders.map(({ Page }) => Page)).toEqual(["1", "2"]);
    expect(orders.every((query) => query.LastUpdateEndDate === undefined)).toBe(true);
    expect(orders[0]?.LastUpdateStartDate).toBe(new Date(from).toISOString());
    // The shipment that two lists name is asked for once.
    expect(bench.asked.filter((call) => pathOf(call)?.startsWith("/shipment"))).toHaveLength(1);
  });
});
