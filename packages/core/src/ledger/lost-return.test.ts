import { beforeEach, expect, test } from "vitest";

import { LedgerStory, NOON } from "./testing/ledger-story.ts";

let story: LedgerStory;
let ids = 0;

const LINE = { lineId: "1", listing: "KIT", quantity: 2 };
const ORDER = { channel: "web", orderId: "A-1", lineId: "1" };

beforeEach(() => {
  story = LedgerStory.withSkus("A", "B", "C");
  story.tell({ kind: "put_connection", code: "web", connectionKind: "api", mode: "live" });
  const components = [
    { sku: "A", units: 2 },
    { sku: "B", units: 1 },
  ];
  story.tell({ kind: "put_listing", connection: "web", externalId: "KIT", components });
  story.order({ status: "shipped", updatedAt: NOON, lines: [{ ...LINE, returning: 1 }] });
});

function giveUp(units: number, rest: object = {}) {
  const externalId = `lost-${ids++}`;
  return story.move("return", {
    sku: "A",
    location: "main",
    units,
    externalId,
    order: ORDER,
    lost: true,
    ...rest,
  });
}

const returning = (sku: string) => story.pool(sku).returning;

test("ends what was on its way back, and nothing arrives", () => {
  const before = story.pool("A");
  expect(giveUp(1).ok).toBe(true);
  expect(story.pool("A")).toEqual({ ...before, returning: 1 });
  expect(returning("B")).toBe(1);
  expect(story.entries.at(-1)?.entry.legs).toEqual([
    { sku: "A", location: "", bucket: "returning", units: -1, counterpart: "lost", lineId: "1" },
  ]);
});

test("is told once, and later states of the order do not bring it back", () => {
  giveUp(2, { externalId: "L" });
  giveUp(2, { externalId: "L" });
  story.order({ status: "shipped", updatedAt: NOON + 1, lines: [{ ...LINE, returning: 1 }] });
  expect(returning("A")).toBe(0);
  story.order({ status: "shipped", updatedAt: NOON + 2, lines: [{ ...LINE, returning: 2 }] });
  expect(returning("A")).toBe(2);
});

test("when it comes after all, it is received, and no more has left for it", () => {
  giveUp(2);
  const { onHand, available } = story.pool("A");
  story.move("return", { sku: "A", location: "main", units: 2, externalId: "late", order: ORDER });
  expect(story.pool("A")).toMatchObject({ onHand: onHand + 2, available, qualityControl: 2, returning: 0 });
});

test("is refused without an order, beyond what is on its way, and for what was not sold", () => {
  const refused = (decision: unknown, field: string) =>
    expect(decision).toMatchObject({ ok: false, rejection: { field } });
  refused(giveUp(1, { order: undefined }), "order");
  refused(giveUp(3), "units");
  refused(giveUp(1, { sku: "C" }), "sku");
  refused(giveUp(1, { order: { ...ORDER, lineId: "9" } }), "order.lineId");
  expect(returning("A")).toBe(2);
});
