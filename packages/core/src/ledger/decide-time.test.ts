// Newer states, counts as of a time, cut-over and holds.
import { describe, expect, test } from "vitest";

import { LedgerStory, NOON } from "./testing/ledger-story.ts";

const HOUR = 3_600_000;
const line = (rest: object = {}) => ({ lineId: "1", sku: "KB-M", quantity: 3, ...rest });

function stocked(units = 10): LedgerStory {
  const story = LedgerStory.withSkus("KB-M");
  story.now = NOON - 10 * HOUR;
  story.receive("KB-M", units);
  story.now = NOON;
  return story;
}

describe("which state is newer", () => {
  test("an older state that arrives late changes nothing", () => {
    const story = stocked();
    story.order({ status: "cancelled", updatedAt: 9, lines: [line()] });
    story.order({ status: "paid", updatedAt: 5, lines: [line()] });
    expect(story.pool("KB-M").available).toBe(10);
    expect(story.state.order("web", "A-1")?.status).toBe("cancelled");
  });

  test("a newer state may lower the quantity", () => {
    const story = stocked();
    story.order({ status: "paid", updatedAt: 5, lines: [line()] });
    story.order({ status: "paid", updatedAt: 6, lines: [line({ quantity: 1 })] });
    expect(story.pool("KB-M").committed).toBe(1);
  });

  test("units that left stay left until an explicit correction says otherwise", () => {
    const story = stocked();
    story.order({ status: "shipped", updatedAt: 5, lines: [line()] });
    story.order({ status: "paid", updatedAt: 6, lines: [line({ shipped: 0 })] });
    expect(story.pool("KB-M").onHand).toBe(7);
    story.order({ status: "paid", updatedAt: 7, correction: true, lines: [line({ shipped: 1 })] });
    expect(story.pool("KB-M")).toMatchObject({ onHand: 9, committed: 2 });
    story.order({ status: "shipped", updatedAt: 4, lines: [line()] });
    expect(story.pool("KB-M").onHand).toBe(9);
  });

  test("untimed notices only move rank and counts forward", () => {
    const story = stocked();
    story.order({ status: "paid", updatedAt: 5, lines: [line()] });
    story.order({ status: "pending", lines: [line()] });
    expect(story.pool("KB-M")).toMatchObject({ reserved: 0, committed: 3 });
    story.order({ status: "cancelled", lines: [line({ cancelled: 1 })] });
    expect(story.pool("KB-M").committed).toBe(2);
  });

  test("a repeated state is answered with the number that first recorded it", () => {
    const story = stocked();
    story.order({ status: "pending", updatedAt: 1, lines: [line()] });
    const first = story.entries.length;
    story.order({ status: "paid", updatedAt: 2, lines: [line()] });
    expect(story.order({ status: "pending", updatedAt: 1, lines: [line()] })).toEqual({
      ok: true,
      seq: first,
      answer: {},
    });
    expect(story.entries.length).toBe(first + 1);
  });
});

describe("counts as of a time", () => {
  const count = (story: LedgerStory, units: number, asOf: number, externalId = "c") =>
    story.move("count", { sku: "KB-M", location: "main", units, asOf, externalId });

  test("a count is compared with what had moved up to its time, not with now", () => {
    const story = stocked();
    story.move("damage", {
      sku: "KB-M",
      location: "main",
      units: 1,
      externalId: "d",
      occurredAt: NOON - HOUR,
    });
    count(story, 9, NOON - 2 * HOUR);
    expect(story.state.balance("KB-M", "main", "sellable")).toBe(8);
  });

  test("promised units are part of a count", () => {
    const story = stocked();
    story.order({ status: "paid", lines: [line()] });
    count(story, 10, NOON);
    expect(story.pool("KB-M")).toMatchObject({ onHand: 10, committed: 3, available: 7 });
  });

  test("a movement that turns up later with an earlier time nets to zero against the count", () => {
    const story = stocked();
    story.order({ status: "paid", updatedAt: NOON - 3 * HOUR, lines: [line()] });
    count(story, 7, NOON - HOUR); // the parcel had left already
    story.order({ status: "shipped", updatedAt: NOON - 2 * HOUR, lines: [line()] });
    expect(story.pool("KB-M")).toMatchObject({ onHand: 7, committed: 0, available: 7 });
    story.move("receipt", {
      sku: "KB-M",
      location: "main",
      units: 5,
      externalId: "late",
      occurredAt: NOON - 2 * HOUR,
    });
    expect(story.pool("KB-M").onHand).toBe(7);
  });

  test("an earlier count that arrives after a later one leaves the later one true", () => {
    const story = stocked();
    count(story, 7, NOON - HOUR, "later");
    count(story, 9, NOON - 2 * HOUR, "earlier");
    expect(story.pool("KB-M").onHand).toBe(7);
    story.move("damage", {
      sku: "KB-M",
      location: "main",
      units: 1,
      externalId: "d",
      occurredAt: NOON - 90 * 60_000,
    });
    expect(story.pool("KB-M")).toMatchObject({ onHand: 8, damaged: 1 });
    expect(story.state.balance("KB-M", "main", "sellable")).toBe(7);
  });
});

describe("cut-over", () => {
  function connected(): LedgerStory {
    const story = stocked();
    story.tell({
      kind: "put_connection",
      code: "web",
      connectionKind: "mercadolibre",
      mode: "import",
      since: NOON - HOUR,
    });
    return story;
  }

  test("orders shipped or cancelled before since are history and move nothing", () => {
    const story = connected();
    story.order({ status: "shipped", updatedAt: NOON - 2 * HOUR, lines: [line()] });
    story.order({ orderId: "A-2", status: "cancelled", updatedAt: NOON - 2 * HOUR, lines: [line()] });
    story.order({
      orderId: "A-3",
      status: "shipped",
      closedAt: NOON - 2 * HOUR,
      updatedAt: NOON,
      lines: [line()],
    });
    expect(story.pool("KB-M")).toMatchObject({ onHand: 10, available: 10, returning: 0 });
  });

  test("orders open at since are claimed, also when half of them had left", () => {
    const story = connected();
    story.order({ status: "paid", updatedAt: NOON - 2 * HOUR, lines: [line({ shipped: 1 })] });
    expect(story.pool("KB-M")).toMatchObject({ onHand: 10, committed: 2 });
    story.order({ status: "shipped", updatedAt: NOON, lines: [line()] });
    expect(story.pool("KB-M")).toMatchObject({ onHand: 8, committed: 0 });
  });

  test("history that comes back is received as a return", () => {
    const story = connected();
    story.order({ status: "shipped", updatedAt: NOON - 2 * HOUR, lines: [line()] });
    story.order({ status: "shipped", updatedAt: NOON, lines: [line({ shipped: 3, returning: 1 })] });
    expect(story.pool("KB-M").returning).toBe(1);
    story.move("return", {
      sku: "KB-M",
      location: "main",
      units: 1,
      externalId: "r",
      order: { channel: "web", orderId: "A-1", lineId: "1" },
    });
    expect(story.pool("KB-M")).toMatchObject({ onHand: 11, qualityControl: 1, returning: 0 });
  });
});

describe("holds", () => {
  const reserve = (story: LedgerStory, units: number, reservationId = "cart") =>
    story.tell({ kind: "reserve", reservationId, lines: [{ sku: "KB-M", units }], ttlSeconds: 60 });
  const end = (story: LedgerStory, how: "commit" | "release" | "expire") =>
    story.tell({ kind: "end_reservation", reservationId: "cart", how });

  test("the same lines under the same id are answered the same, others conflict", () => {
    const story = stocked();
    const first = reserve(story, 4);
    expect(first).toMatchObject({ ok: true, answer: { expiresAt: NOON + 60_000 } });
    expect(reserve(story, 4)).toEqual({
      ok: true,
      seq: story.entries.length,
      answer: { expiresAt: NOON + 60_000 },
    });
    expect(reserve(story, 5)).toMatchObject({ ok: false, rejection: { code: "reservation_conflict" } });
  });

  test("a refused reservation does not use its id up", () => {
    const story = stocked();
    expect(reserve(story, 11)).toMatchObject({ ok: false });
    expect(reserve(story, 10)).toMatchObject({ ok: true });
  });

  test("a deadline ends a hold, and not a moment earlier", () => {
    const story = stocked();
    reserve(story, 4);
    story.now = NOON + 59_999;
    end(story, "expire");
    expect(story.pool("KB-M").reserved).toBe(4);
    story.now = NOON + 60_000;
    end(story, "expire");
    expect(story.pool("KB-M")).toMatchObject({ reserved: 0, available: 10 });
    expect(end(story, "commit")).toMatchObject({ rejection: { code: "reservation_ended" } });
  });

  test("a commit keeps the units for good, a release gives them back, each once", () => {
    const story = stocked();
    reserve(story, 4);
    end(story, "commit");
    const committed = story.entries.length;
    expect(end(story, "commit")).toEqual({ ok: true, seq: committed, answer: {} });
    expect(story.pool("KB-M")).toMatchObject({ reserved: 0, committed: 4 });
    end(story, "release");
    end(story, "release");
    expect(story.pool("KB-M")).toMatchObject({ committed: 0, available: 10 });
  });

  test("an order that names a hold takes it over", () => {
    const story = stocked(4);
    reserve(story, 4);
    story.order({ status: "paid", reservationId: "cart", lines: [line({ quantity: 4 })] });
    expect(story.pool("KB-M")).toMatchObject({ reserved: 0, committed: 4, available: 0 });
    expect(story.state.openAlert("oversold", "KB-M")).toBeNull();
    expect(end(story, "release")).toMatchObject({ rejection: { code: "reservation_ended" } });
  });
});
