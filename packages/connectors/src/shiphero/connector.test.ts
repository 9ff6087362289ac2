// The connector over real HTTP: what it asks, and what it makes of answers that a script gives.
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Collected } from "../contract/keeper/keeper.ts";
import { factFaults } from "../contract/testing/fact-faults.ts";
import { valueOf } from "../contract/testing/value-of.ts";
import rawOrder from "./fixtures/order.json" with { type: "json" };
import rawPurchase from "./fixtures/purchase-order.json" with { type: "json" };
import rawReturn from "./fixtures/return.json" with { type: "json" };
import { answer, failure, rows, ShipHeroBench } from "./testing/shiphero-bench.ts";

const DAY_MS = 86_400_000;
let bench: ShipHeroBench;

beforeEach(async () => {
  bench = await ShipHeroBench.open();
});
afterEach(() => bench.close());

const level = { sku: "KB-M", warehouse_id: "V2FyZWhvdXNlOjc2NzMz", on_hand: 48 };

describe("a connection", () => {
  it.each([
    { timeZone: "Mars/Olympus" },
    { baseUrl: "nowhere" },
    { fullLevels: "guessed" },
    { nonSellableBins: 7 },
  ])("with %j is refused by name", (settings) => {
    const [name] = Object.keys(settings);
    expect(bench.connect(settings)).toMatchObject({
      ok: false,
      error: { kind: "auth", code: "wrong_settings", message: expect.stringContaining(String(name)) },
    });
    expect(bench.vendor.asked).toEqual([]);
  });

  it("trades its refresh token, and keeps the one that is not rotated", async () => {
    const warehouses = [{ id: "V2FyZWhvdXNlOjc2NzMz", identifier: "Primary" }];
    bench.answers({ account: answer("account", { data: { id: "QWNjb3VudDo2Mzg5OA==", warehouses } }) });
    const one = bench.keeper();
    expect(valueOf(await one.readAccount())).toEqual({
      accountId: "63898",
      facilities: [{ facility: "76733", title: "Primary" }],
    });
    bench.now += 28 * DAY_MS;
    await one.readAccount();
    expect(bench.vendor.tokenCalls.map(({ body }) => JSON.parse(body))).toEqual(
      Array(2).fill({ refresh_token: "refresh-1234" }),
    );
    expect(bench.vendor.calls[0]).toMatchObject({
      method: "POST",
      target: "/api/graphql",
      headers: { authorization: "Bearer access-1234" },
    });
  });

  it("says that a person has to mend a token that is refused, without telling it", async () => {
    bench.vendor.token = () => [
      403,
      { error: "invalid_grant", error_description: "refresh-1234 is unknown" },
    ];
    const read = await bench.keeper().readAccount();
    expect(read).toMatchObject({ ok: false, error: { kind: "auth" } });
    expect(JSON.stringify(read)).not.toContain("refresh-1234");
    bench.vendor.token = () => [502, "<html>"];
    expect(await bench.keeper().readAccount()).toMatchObject({ ok: false, error: { kind: "transient" } });
  });

  it("tries once more with a new token", async () => {
    let tokens = 0;
    bench.vendor.token = () => [200, { access_token: `access-${++tokens}`, expires_in: 2_419_200 }];
    bench.vendor.api = ({ headers }) =>
      headers.authorization === "Bearer access-2"
        ? answer("warehouse_products", rows([]))
        : [401, { message: "Unauthorized" }];
    expect(await bench.keeper().readLevels({})).toMatchObject({ ok: true });
    expect(bench.vendor.calls).toHaveLength(2);
  });
});

describe("a failure in an answer of status 200", () => {
  const credits = { required_credits: 501, remaining_credits: 1, time_remaining: "67 seconds" };
  it.each([
    [
      failure("There are not enough credits…", 30, credits),
      { kind: "throttled", retryAfterMs: 67_000, code: "30" },
    ],
    [failure("Order not found", 5), { kind: "not_found" }],
    [failure("Unexpected error. Please try again later.", 1), { kind: "transient" }],
    [failure("You are not allowed to do that", 4), { kind: "rejected" }],
    [[200, { data: { warehouse_products: null } }], { kind: "transient" }],
    [[200, "<html>"], { kind: "transient" }],
    [
      [429, { message: "Too Many Requests" }, { "retry-after": "9" }],
      { kind: "throttled", retryAfterMs: 9_000 },
    ],
    [
      [400, { errors: [{ message: "Unknown field" }] }],
      { kind: "bug", message: "ShipHero answered 400: Unknown field" },
    ],
    [[503, ""], { kind: "transient" }],
  ] as const)("%j is said as what it means, and has changed nothing", async (said, error) => {
    bench.vendor.api = () => [...said] as [number, unknown];
    const read = await bench.keeper().readLevels({});
    expect(read).toMatchObject({ ok: false, error });
    expect(read.ok || read.error.mayHaveApplied === true).toBe(false);
  });

  it("beside a whole answer is a warning", async () => {
    const [status, body] = answer("warehouse_products", rows([level]));
    bench.vendor.api = () => [
      status,
      { ...(body as object), errors: [{ message: "Scope missing", code: 4 }] },
    ];
    expect(await bench.keeper().readLevels({})).toMatchObject({ ok: true });
  });
});

describe("credits", () => {
  it("are learned from what calls cost, and from what they would have", async () => {
    bench.answers({ warehouse_products: answer("warehouse_products", rows([]), 501) });
    await bench.keeper().readLevels({});
    expect(bench.limits.at(-1)).toEqual(["reads", (3_600 * 0.7) / 501]);
    bench.answers({ warehouse_products: failure("Not enough credits", 30, { required_credits: 2_000 }) });
    const limitBefore = bench.limits.at(-1)?.[1] ?? 0;
    const one = bench.keeper();
    await one.readLevels({});
    expect(bench.limits.at(-1)?.[1]).toBeLessThan(limitBefore);
  });
});

describe("the log", () => {
  const change = (created_at: string, more: object = {}) => ({
    warehouse_id: "V2FyZWhvdXNlOjc2NzMz",
    sku: "KB-M",
    previous_on_hand: 48,
    change_in_on_hand: -1,
    reason: "Inventory written off",
    cycle_counted: false,
    created_at,
    location: { name: "AA-01", sellable: true },
    ...more,
  });

  it("is read in the account's own time, to a fixed end, and then again from a little before it", async () => {
    const since = bench.now - 40 * DAY_MS;
    bench.answers({
      inventory_changes: ({ variables }) =>
        answer(
          "inventory_changes",
          rows([change("2026-11-20 13:19:30")], variables.after === null ? "more" : null),
        ),
    });
    const one = bench.keeper({ timeZone: "America/New_York" });
    let cursor: string | null = null;
    let hasMore = true;
    while (hasMore) {
      const collected: Collected = valueOf(await one.collect({ cursor, since }));
      expect(collected.facts).toMatchObject([
        { sellable: -1, onHandBefore: 48, occurredAt: Date.parse("2026-11-20T18:19:30Z") },
      ]);
      expect(collected.facts.flatMap(factFaults)).toEqual([]);
      ({ cursor, hasMore } = collected);
      bench.now += 1_000;
    }
    const windows = bench.asked.map(({ variables: { from, to, after } }) => [from, to, after]);
    expect(windows).toEqual([
      ["2026-10-14T06:00:00", "2026-11-13T05:00:00", null],
      ["2026-10-14T06:00:00", "2026-11-13T05:00:00", "more"],
      ["2026-11-13T05:00:00", "2026-11-23T05:00:02", null],
      ["2026-11-13T05:00:00", "2026-11-23T05:00:02", "more"],
    ]);
    await one.collect({ cursor, since });
    expect(bench.asked.at(-1)?.variables.from).toBe("2026-11-23T04:45:02");
  });

  it("says of each bin whether its units are for sale", async () => {
    const damaged = change("2026-11-20 13:19:30", {
      change_in_on_hand: 3,
      location: { name: "DAMAGED-01", sellable: false },
    });
    bench.answers({ inventory_changes: answer("inventory_changes", rows([damaged])) });
    const collected = valueOf(await bench.keeper().collect({ cursor: "odd", since: bench.now - DAY_MS }));
    expect(collected.facts).toMatchObject([{ sellable: 0, held: 3 }]);
  });
});

describe("documents", () => {
  it("are listed one list after the other, orders by their last change, cut-off ones read whole", async () => {
    const cut = structuredClone(rawOrder) as { line_items: { pageInfo: { hasNextPage: boolean } } };
    cut.line_items.pageInfo.hasNextPage = true;
    bench.answers({
      orders: ({ variables }) => answer("orders", rows([cut], variables.after === null ? "more" : null)),
      order: answer("order", { data: rawOrder }),
      purchase_orders: answer("purchase_orders", rows([rawPurchase])),
      returns: answer("returns", rows([rawReturn])),
    });
    const from = bench.now - 600_000;
    const one = bench.keeper();
    const seen = new Map<string, string>();
    let page: string | undefined;
    do {
      const listed = valueOf(await one.listDocuments({ from, ...(page === undefined ? {} : { page }) }));
      for (const fact of listed.facts) seen.set(fact.factId, fact.kind);
      expect(listed.facts.flatMap(factFaults)).toEqual([]);
      page = listed.nextPage ?? undefined;
      bench.now += 1_000;
    } while (page !== undefined);
    expect([...seen.values()]).toEqual(["shipment", "receipt", "return"]);
    const orders = bench.asked.filter(({ name }) => name === "orders");
    expect(orders.map(({ variables }) => variables.after)).toEqual([null, "more"]);
  });

  it("that stay cut off are told as such, and not as if the rest had not been ordered", async () => {
    const cut = structuredClone(rawOrder) as { line_items: { pageInfo: { hasNextPage: boolean } } };
    cut.line_items.pageInfo.hasNextPage = true;
    bench.answers({ orders: answer("orders", rows([cut])), order: answer("order", { data: cut }) });
    expect(await bench.keeper().listDocuments({ from: bench.now })).toMatchObject({ error: { kind: "bug" } });
  });
});
