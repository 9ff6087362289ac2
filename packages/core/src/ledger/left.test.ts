// One shipment, two witnesses: a channel that counts listing units and a keeper that counts the parts it packed.
import { beforeEach, describe, expect, test } from "vitest";

import type { LeftUnits, OrderReport } from "./order-record.ts";
import { LedgerStory, NOON } from "./testing/ledger-story.ts";

let story: LedgerStory;

beforeEach(() => {
  story = LedgerStory.withSkus("A", "B", "constructor");
  story.tell({ kind: "put_location", code: "3pl", locationKind: "3pl" });
  story.tell({ kind: "put_location", code: "fba", locationKind: "channel" });
  story.tell({ kind: "put_connection", code: "web", connectionKind: "api", mode: "live" });
  const components = [
    { sku: "A", units: 2 },
    { sku: "B", units: 1 },
  ];
  story.tell({ kind: "put_listing", connection: "web", externalId: "KIT", components });
});

const KIT = { lineId: "1", listing: "KIT" };
let minute = 0;

function channel(status: OrderReport["status"], quantity: number, rest: object = {}): void {
  const lines = [{ ...KIT, quantity, ...rest }];
  expect(story.order({ status, updatedAt: NOON + minute++, lines }).ok).toBe(true);
}

function keeper(quantity: number, left: readonly LeftUnits[], rest: object = {}): unknown {
  const report = { status: "paid", updatedAt: NOON + minute++, lines: [{ ...KIT, quantity, left }], ...rest };
  return story.order(report as never, "keeper");
}

const left = (sku: string, units: number, location = "3pl"): LeftUnits => ({ sku, location, units });
const lies = (sku: string, location: string): number => story.state.balance(sku, location, "sellable");
const promised = (sku: string): number => story.pool(sku).committed;
const line = () => story.state.order("web", "A-1")?.lines[0];

describe("parts that left", () => {
  test("a kit told by both in either order and in parts leaves once", () => {
    channel("paid", 1);
    keeper(1, [left("A", 2)]);
    expect([lies("A", "3pl"), lies("B", "3pl"), lies("A", "main")]).toEqual([-2, 0, 0]);
    expect([promised("A"), promised("B")]).toEqual([0, 1]);
    channel("shipped", 1);
    expect([lies("A", "3pl"), lies("A", "main"), lies("B", "main")]).toEqual([-2, 0, -1]);
    keeper(1, [left("A", 2), left("B", 1)]);
    expect([lies("A", "3pl"), lies("B", "3pl"), lies("A", "main"), lies("B", "main")]).toEqual([
      -2, -1, 0, 0,
    ]);
    expect([promised("A"), promised("B")]).toEqual([0, 0]);
    expect(line()?.posted).toEqual({ reserved: 0, committed: 0, shipped: { "3pl": 1 }, returning: 0 });
  });

  test("by the keeper's word alone the order has shipped once all its parts left", () => {
    channel("paid", 2);
    keeper(2, [left("A", 4), left("B", 1)]);
    expect(story.state.order("web", "A-1")?.status).toBe("paid");
    expect([promised("A"), promised("B")]).toEqual([0, 1]);
    keeper(2, [left("A", 4), left("B", 2)]);
    expect(story.state.order("web", "A-1")?.status).toBe("shipped");
  });

  test("an unpaid order's hold shrinks by what left", () => {
    channel("pending", 2);
    keeper(2, [left("A", 3)]);
    expect([story.pool("A").reserved, story.pool("B").reserved]).toEqual([1, 2]);
  });

  test("two keepers' parts add up, in whichever place each counted them", () => {
    channel("paid", 2);
    keeper(2, [left("A", 1), left("A", 3, "main"), left("B", 2)]);
    expect([lies("A", "3pl"), lies("A", "main"), lies("B", "3pl")]).toEqual([-1, -3, -2]);
  });

  test("counts rise until a correction lowers them", () => {
    channel("paid", 2);
    keeper(2, [left("A", 4)]);
    keeper(2, [left("A", 2)]);
    expect(lies("A", "3pl")).toBe(-4);
    keeper(2, [left("A", 2)], { correction: true });
    expect(lies("A", "3pl")).toBe(-2);
    expect(promised("A")).toBe(2);
  });

  test("more than was ordered is recorded, promises nothing below zero and is not on its way back", () => {
    channel("paid", 1);
    keeper(1, [left("A", 5)]);
    expect(lies("A", "3pl")).toBe(-5);
    expect(story.pool("A")).toMatchObject({ committed: 0, returning: 0 });
    expect(story.pool("B")).toMatchObject({ committed: 1, returning: 0 });
  });

  test("a part that left before the order was cancelled is on its way back, the other is released", () => {
    channel("paid", 1);
    keeper(1, [left("A", 2)]);
    channel("cancelled", 1);
    expect(story.pool("A")).toMatchObject({ committed: 0, returning: 2 });
    expect(story.pool("B")).toMatchObject({ committed: 0, returning: 0 });
  });

  test("a part that came back is taken off its own SKU", () => {
    channel("paid", 1);
    keeper(1, [left("A", 2), left("B", 1)]);
    channel("cancelled", 1);
    const order = { channel: "web", orderId: "A-1", lineId: "1" };
    story.move("return", { sku: "A", location: "3pl", units: 1, externalId: "back", order });
    expect([story.pool("A").returning, story.pool("B").returning]).toEqual([1, 1]);
  });

  test("what left before the cut-over moves nothing", () => {
    story.tell({ kind: "put_connection", code: "web", since: NOON });
    const lines = [{ ...KIT, quantity: 2, left: [left("A", 4), left("B", 1)] }];
    story.order({ status: "paid", updatedAt: NOON - 10, lines }, "keeper");
    expect([lies("A", "3pl"), promised("A"), promised("B")]).toEqual([0, 0, 1]);
    keeper(2, [left("A", 4), left("B", 2)]);
    expect([lies("A", "3pl"), lies("B", "3pl"), promised("B")]).toEqual([0, -1, 0]);
  });

  test("a line that nobody mapped keeps them, and they are posted when it is", () => {
    const lines = [{ lineId: "1", listing: "LATER", quantity: 1, left: [left("B", 3)] }];
    story.order({ status: "shipped", updatedAt: NOON, lines }, "keeper");
    expect(lies("B", "3pl")).toBe(0);
    const components = [{ sku: "B", units: 3 }];
    story.tell({ kind: "put_listing", connection: "web", externalId: "LATER", components });
    expect(lies("B", "3pl")).toBe(-3);
    expect(story.state.order("web", "A-1")?.status).toBe("shipped");
  });

  test("a status without counts means all of it, with them what they say", () => {
    channel("paid", 2);
    keeper(2, [left("B", 1)], { status: "shipped" });
    expect([lies("A", "3pl"), lies("A", "main"), lies("B", "3pl")]).toEqual([0, 0, -1]);
  });

  test("a SKU that the line does not sell, a foreign place and another teller are refused", () => {
    channel("paid", 1);
    const refused = (decision: unknown, field: string) =>
      expect(decision).toMatchObject({ ok: false, rejection: { field } });
    refused(keeper(1, [left("constructor", 1)]), "lines.0.left");
    refused(keeper(1, [left("A", 1, "fba")]), "lines.0.left.0.location");
    const lines = [{ ...KIT, quantity: 1, left: [left("A", 1)] }];
    refused(story.order({ status: "paid", lines }, "channel"), "lines.0.left");
  });

  test("a SKU may be called like a member of every object", () => {
    story.order({ status: "paid", lines: [{ lineId: "1", sku: "constructor", quantity: 2 }] });
    expect(promised("constructor")).toBe(2);
  });
});

describe("the channel's default location", () => {
  const shipsFrom = (code: string | null) =>
    story.tell({ kind: "put_connection", code: "web", settings: { shipsFrom: code } });

  test("is where units leave from that nobody named a location for", () => {
    shipsFrom("3pl");
    channel("shipped", 1);
    expect([lies("A", "3pl"), lies("A", "main")]).toEqual([-2, 0]);
  });

  test("moves nothing that left when it changes, and goes on for those lines", () => {
    channel("shipped", 3, { shipped: 1 });
    shipsFrom("3pl");
    channel("shipped", 3, { shipped: 2 });
    expect([lies("A", "3pl"), lies("A", "main")]).toEqual([0, -4]);
    story.order({ status: "shipped", orderId: "A-2", lines: [{ ...KIT, quantity: 1 }] });
    shipsFrom(null);
    story.order({ status: "shipped", orderId: "A-2", updatedAt: NOON, lines: [{ ...KIT, quantity: 1 }] });
    expect([lies("A", "3pl"), lies("A", "main")]).toEqual([-2, -4]);
  });

  test("holds for what left after it was set, of orders that were open before", () => {
    channel("paid", 1);
    shipsFrom("3pl");
    channel("shipped", 1);
    expect([lies("A", "3pl"), lies("A", "main")]).toEqual([-2, 0]);
  });

  test("is the same whether the keeper or the channel speaks first", () => {
    shipsFrom("3pl");
    keeper(2, [left("A", 1, "main")]);
    channel("shipped", 2);
    expect([lies("A", "main"), lies("A", "3pl"), lies("B", "3pl")]).toEqual([-1, -3, -2]);
  });

  test("is a location of the seller's own", () => {
    expect(shipsFrom("nowhere")).toMatchObject({ ok: false, rejection: { code: "unknown_location" } });
    expect(shipsFrom("fba")).toMatchObject({ ok: false, rejection: { code: "invalid_field" } });
  });
});
