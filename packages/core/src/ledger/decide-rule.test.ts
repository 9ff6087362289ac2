// Every row of the deduction and reservation rule (DESIGN §3), one test a row.
import { describe, expect, test } from "vitest";

import { LedgerStory, NOON, type PoolFigures } from "./testing/ledger-story.ts";

const NOTHING: PoolFigures = {
  onHand: 0,
  available: 0,
  reserved: 0,
  committed: 0,
  qualityControl: 0,
  damaged: 0,
  returning: 0,
};
const line = (rest: object = {}) => ({ lineId: "1", sku: "KB-M", quantity: 3, ...rest });

function stocked(): LedgerStory {
  const story = LedgerStory.withSkus("KB-M", "KB-L");
  story.receive("KB-M", 10);
  return story;
}

describe("the deduction and reservation rule", () => {
  test("an order seen and not paid is reserved", () => {
    const story = stocked();
    story.order({ status: "pending", lines: [line()] });
    expect(story.pool("KB-M")).toEqual({ ...NOTHING, onHand: 10, reserved: 3, available: 7 });
  });

  test("a paid order moves from reserved to committed, marked do-not-ship or not", () => {
    const story = stocked();
    story.order({ status: "pending", updatedAt: 1, lines: [line()] });
    story.order({ status: "paid", updatedAt: 2, doNotShip: true, lines: [line()] });
    expect(story.pool("KB-M")).toEqual({ ...NOTHING, onHand: 10, committed: 3, available: 7 });
    expect(story.state.order("web", "A-1")).toMatchObject({ status: "paid", doNotShip: true });
    expect(story.entries.at(-1)?.entry.legs).toEqual([
      { sku: "KB-M", location: "", bucket: "reserved", units: -3, counterpart: "committed", lineId: "1" },
      { sku: "KB-M", location: "", bucket: "committed", units: 3, counterpart: "reserved", lineId: "1" },
    ]);
  });

  test("a cancellation before it left releases the promise, once", () => {
    const story = stocked();
    story.order({ status: "paid", updatedAt: 1, lines: [line()] });
    story.order({ status: "cancelled", updatedAt: 2, lines: [line()] });
    const again = story.order({ status: "cancelled", updatedAt: 3, lines: [line()] });
    expect(again.ok).toBe(true);
    expect(story.pool("KB-M")).toEqual({ ...NOTHING, onHand: 10, available: 10 });
  });

  test("a cancellation for want of stock opens an incident that asks for a count", () => {
    const story = stocked();
    story.order({ status: "paid", updatedAt: 1, lines: [line()] });
    story.order({ status: "cancelled", cancelReason: "no_stock", updatedAt: 2, lines: [line()] });
    expect(story.state.openAlert("cancelled_no_stock", "web/A-1/")).toMatchObject({ sku: "KB-M", units: 3 });
  });

  test("a shipment takes from the location and ends the promise, once: the second witness is a no-op", () => {
    const story = stocked();
    story.order({ status: "paid", updatedAt: 1, lines: [line()] });
    story.order({ status: "shipped", updatedAt: 2, lines: [line()] });
    story.order({ status: "shipped", updatedAt: 9, lines: [line()] }, "keeper");
    expect(story.pool("KB-M")).toEqual({ ...NOTHING, onHand: 7, available: 7 });
  });

  test("a partial shipment leaves the rest promised", () => {
    const story = stocked();
    story.order({ status: "paid", updatedAt: 2, lines: [line({ shipped: 1 })] });
    expect(story.pool("KB-M")).toEqual({ ...NOTHING, onHand: 9, committed: 2, available: 7 });
  });

  test("cancelled after it left: on its way back, not sellable", () => {
    const story = stocked();
    story.order({ status: "shipped", updatedAt: 1, lines: [line()] });
    story.order({ status: "cancelled", updatedAt: 2, lines: [line()] });
    expect(story.pool("KB-M")).toEqual({ ...NOTHING, onHand: 7, available: 7, returning: 3 });
  });

  test("a return opened is on its way back; received it waits in quality control; graded it is sellable, damaged or lost", () => {
    const story = stocked();
    const order = { channel: "web", orderId: "A-1", lineId: "1" };
    story.order({ status: "shipped", updatedAt: 1, lines: [line()] });
    story.order({ status: "shipped", updatedAt: 2, lines: [line({ shipped: 3, returning: 3 })] });
    expect(story.pool("KB-M")).toEqual({ ...NOTHING, onHand: 7, available: 7, returning: 3 });
    story.move("return", { sku: "KB-M", location: "main", units: 3, externalId: "r", order });
    expect(story.pool("KB-M")).toEqual({ ...NOTHING, onHand: 10, available: 7, qualityControl: 3 });
    story.move("grade", { sku: "KB-M", location: "main", units: 1, externalId: "g1", to: "sellable", order });
    story.move("grade", { sku: "KB-M", location: "main", units: 1, externalId: "g2", to: "damaged", order });
    story.move("grade", { sku: "KB-M", location: "main", units: 1, externalId: "g3", to: "lost", order });
    expect(story.pool("KB-M")).toEqual({ ...NOTHING, onHand: 9, available: 8, damaged: 1 });
  });

  test("a return may go straight to sellable", () => {
    const story = stocked();
    story.move("return", {
      sku: "KB-M",
      location: "main",
      units: 2,
      externalId: "r",
      straightToSellable: true,
    });
    expect(story.pool("KB-M")).toEqual({ ...NOTHING, onHand: 12, available: 12 });
  });

  test("a return received before its announcement is not announced twice", () => {
    const story = stocked();
    story.order({ status: "shipped", updatedAt: 1, lines: [line()] });
    story.move("return", {
      sku: "KB-M",
      location: "main",
      units: 2,
      externalId: "r",
      order: { channel: "web", orderId: "A-1", lineId: "1" },
    });
    story.order({ status: "shipped", updatedAt: 2, lines: [line({ shipped: 3, returning: 2 })] });
    expect(story.pool("KB-M")).toEqual({ ...NOTHING, onHand: 9, available: 7, qualityControl: 2 });
  });

  test("a refund without goods back moves nothing when it had shipped", () => {
    const story = stocked();
    story.order({ status: "shipped", updatedAt: 1, lines: [line()] });
    const before = story.pool("KB-M");
    story.order({
      status: "shipped",
      updatedAt: 2,
      lines: [line({ shipped: 3, cancelled: 0, returning: 0 })],
    });
    expect(story.pool("KB-M")).toEqual(before);
  });

  test("the keeper receives, adjusts, damages and transfers, each against its counterpart", () => {
    const story = stocked();
    story.tell({ kind: "put_location", code: "3pl", locationKind: "3pl" });
    story.move("adjustment", {
      sku: "KB-M",
      location: "main",
      units: -2,
      externalId: "a",
      reason: "shelf check",
    });
    story.move("damage", { sku: "KB-M", location: "main", units: 1, externalId: "d" });
    story.move("transfer", { sku: "KB-M", location: "main", toLocation: "3pl", units: 4, externalId: "t" });
    expect(story.pool("KB-M")).toEqual({ ...NOTHING, onHand: 8, available: 7, damaged: 1 });
    expect(story.state.balance("KB-M", "3pl", "sellable")).toBe(4);
    expect(story.entries.flatMap(({ entry }) => entry.legs.map((leg) => leg.counterpart))).toEqual([
      "supplier",
      "variance",
      "damaged",
      "sellable",
      "transfer",
      "transfer",
    ]);
  });

  test("a sale fulfilled by the channel is recorded and moves nothing", () => {
    const story = stocked();
    story.order({ status: "shipped", lines: [line({ fulfilledBy: "channel" })] });
    expect(story.pool("KB-M")).toEqual({ ...NOTHING, onHand: 10, available: 10 });
    expect(story.entries.at(-1)?.entry.kind).toBe("order");
  });

  test("a sale nobody mapped is alarmed at once and posted in full the moment it is mapped", () => {
    const story = stocked();
    const sale = story.order({ status: "paid", lines: [{ lineId: "1", listing: "MLM9", quantity: 2 }] });
    expect(sale).toMatchObject({ ok: true, answer: { unmapped: ["1"] } });
    expect(story.state.openAlert("unmapped_sale", "web/A-1/1")).toMatchObject({ units: 2 });
    story.tell({
      kind: "put_listing",
      connection: "web",
      externalId: "MLM9",
      components: [{ sku: "KB-M", units: 3 }],
    });
    expect(story.pool("KB-M")).toEqual({ ...NOTHING, onHand: 10, committed: 6, available: 4 });
    expect(story.state.openAlert("unmapped_sale", "web/A-1/1")).toBeNull();
  });

  test("a line that names an unknown SKU is posted when the SKU is made", () => {
    const story = stocked();
    story.order({ status: "paid", lines: [{ lineId: "1", sku: "NEW", quantity: 2 }] });
    story.tell({ kind: "put_sku", sku: "NEW", attributes: {} });
    expect(story.pool("NEW")).toEqual({ ...NOTHING, committed: 2, available: -2 });
  });

  test("a kit's recipe is frozen into the claim; a wrong one is mended by an explicit remap", () => {
    const story = stocked();
    story.receive("KB-L", 10);
    story.tell({ kind: "put_connection", code: "web", connectionKind: "api", mode: "live" });
    story.tell({
      kind: "put_listing",
      connection: "web",
      externalId: "KIT",
      components: [{ sku: "KB-M", units: 2 }],
    });
    story.order({ status: "paid", updatedAt: 1, lines: [{ lineId: "1", listing: "KIT", quantity: 2 }] });
    story.tell({
      kind: "put_listing",
      connection: "web",
      externalId: "KIT",
      components: [{ sku: "KB-L", units: 1 }],
    });
    story.order({ status: "shipped", updatedAt: 2, lines: [{ lineId: "1", listing: "KIT", quantity: 2 }] });
    expect([story.pool("KB-M").onHand, story.pool("KB-L").onHand]).toEqual([6, 10]);
    story.tell({ kind: "remap", channel: "web", orderId: "A-1" });
    expect([story.pool("KB-M").onHand, story.pool("KB-L").onHand]).toEqual([10, 8]);
  });

  test("lines that share a component add up before a request is granted", () => {
    const story = stocked();
    story.tell({ kind: "put_connection", code: "web", connectionKind: "api", mode: "live" });
    story.tell({
      kind: "put_listing",
      connection: "web",
      externalId: "KIT",
      components: [{ sku: "KB-M", units: 4 }],
    });
    const lines = [
      { connection: "web", listing: "KIT", units: 2 },
      { sku: "KB-M", units: 3 },
    ];
    const decision = story.tell({ kind: "reserve", reservationId: "cart", lines, ttlSeconds: 60 });
    expect(decision).toMatchObject({
      ok: false,
      rejection: {
        code: "insufficient_stock",
        detail: { lines: [{ sku: "KB-M", requested: 11, available: 10 }] },
      },
    });
    expect(story.pool("KB-M")).toEqual({ ...NOTHING, onHand: 10, available: 10 });
  });
});

describe("facts and requests", () => {
  test("an oversell is recorded, alarmed with the order that caused it, and resolved when units arrive", () => {
    const story = stocked();
    story.order({ status: "paid", lines: [line({ quantity: 12 })] });
    expect(story.pool("KB-M").available).toBe(-2);
    expect(story.state.openAlert("oversold", "KB-M")).toMatchObject({
      units: 2,
      orderId: "A-1",
      channel: "web",
    });
    story.receive("KB-M", 2);
    expect(story.state.openAlert("oversold", "KB-M")).toBeNull();
  });

  test("sellable may fall below zero by a fact, the other physical buckets never", () => {
    const story = stocked();
    expect(story.move("adjustment", { sku: "KB-M", location: "main", units: -11, externalId: "a" }).ok).toBe(
      true,
    );
    expect(story.pool("KB-M").onHand).toBe(-1);
    const refused = story.move("adjustment", {
      sku: "KB-M",
      location: "main",
      units: -1,
      bucket: "damaged",
      externalId: "b",
    });
    expect(refused).toMatchObject({ ok: false, rejection: { code: "insufficient_units", field: "units" } });
  });

  test("a stock correction is a fact also where sellable lies below zero", () => {
    const story = stocked();
    story.move("adjustment", { sku: "KB-M", location: "main", units: -15, externalId: "a" });
    expect(story.move("adjustment", { sku: "KB-M", location: "main", units: 2, externalId: "b" }).ok).toBe(
      true,
    );
    expect(story.pool("KB-M").onHand).toBe(-3);
  });

  test("transfers and gradings beyond the bucket are refused", () => {
    const story = stocked();
    story.tell({ kind: "put_location", code: "fba", locationKind: "channel" });
    story.tell({ kind: "put_location", code: "3pl", locationKind: "3pl" });
    story.order({ status: "paid", lines: [line()] });
    expect(
      story.move("transfer", {
        sku: "KB-M",
        location: "main",
        toLocation: "3pl",
        units: 11,
        externalId: "1",
      }),
    ).toMatchObject({ rejection: { code: "insufficient_units" } });
    expect(
      story.move("transfer", { sku: "KB-M", location: "main", toLocation: "fba", units: 8, externalId: "2" }),
    ).toMatchObject({ rejection: { code: "insufficient_units" } });
    expect(
      story.move("transfer", { sku: "KB-M", location: "main", toLocation: "fba", units: 7, externalId: "3" })
        .ok,
    ).toBe(true);
    expect(
      story.move("grade", { sku: "KB-M", location: "main", units: 1, to: "sellable", externalId: "4" }),
    ).toMatchObject({ rejection: { code: "insufficient_units" } });
    expect(story.pool("KB-M")).toEqual({ ...NOTHING, onHand: 3, committed: 3, available: 0 });
  });

  test("the same external id with the same content gets the same number, with other content a conflict", () => {
    const story = stocked();
    const first = story.receive("KB-M", 5, "PO-1");
    expect(first).toMatchObject({ ok: true });
    expect(story.receive("KB-M", 5, "PO-1")).toEqual({ ok: true, seq: story.entries.length, answer: {} });
    expect(story.receive("KB-M", 6, "PO-1")).toMatchObject({
      ok: false,
      rejection: { code: "external_id_conflict" },
    });
    expect(story.pool("KB-M").onHand).toBe(15);
  });

  test("a time more than five minutes ahead is refused by name", () => {
    const story = stocked();
    const occurredAt = NOON + 5 * 60_000 + 1;
    expect(
      story.move("receipt", { sku: "KB-M", location: "main", units: 1, externalId: "x", occurredAt }),
    ).toMatchObject({ rejection: { code: "occurred_in_future", field: "occurredAt" } });
    expect(story.order({ status: "paid", updatedAt: occurredAt, lines: [line()] })).toMatchObject({
      rejection: { code: "occurred_in_future", field: "updatedAt" },
    });
    expect(
      story.move("receipt", {
        sku: "KB-M",
        location: "main",
        units: 1,
        externalId: "x",
        occurredAt: occurredAt - 1,
      }).ok,
    ).toBe(true);
  });

  test("what would pass the largest exact integer is refused", () => {
    const story = stocked();
    story.tell({ kind: "put_connection", code: "web", connectionKind: "api", mode: "live" });
    story.tell({
      kind: "put_listing",
      connection: "web",
      externalId: "HUGE",
      components: [{ sku: "KB-M", units: 1_000_000_000 }],
    });
    expect(
      story.order({ status: "paid", lines: [{ lineId: "1", listing: "HUGE", quantity: 1_000_000_000 }] }),
    ).toMatchObject({ rejection: { code: "invalid_field" } });
    expect(story.pool("KB-M").committed).toBe(0);
  });
});
