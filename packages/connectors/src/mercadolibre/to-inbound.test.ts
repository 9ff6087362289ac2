import { describe, expect, it } from "vitest";

import splitOrder from "./fixtures/order-pack-splitted.json" with { type: "json" };
import newShipment from "./fixtures/shipment-new-format.json" with { type: "json" };
import { type OrderView, toOrderReading } from "./to-inbound.ts";
import { orderSchema, shipmentSchema } from "./wire.ts";

describe("an order's state", () => {
  const paid = {
    ...splitOrder,
    status: "paid",
    cancel_detail: null,
    tags: ["paid", "not_delivered"],
    last_updated: "2026-09-09T19:56:33.000-04:00",
  };
  const now = Date.parse("2026-09-10T12:00:00Z");

  const read = (
    order: object,
    shipment: object | "none" | "unread" = "none",
    split: OrderView["split"] = "no",
    at = now,
  ) => {
    const parcel = typeof shipment === "string" ? shipment : shipmentSchema.parse(shipment);
    return toOrderReading(
      { connection: "meli-ar", storeId: null },
      { order: orderSchema.parse(order), shipment: parcel, split },
      at,
    );
  };
  const counts = (order: object, shipment: object | "none" | "unread" = "none") => {
    const { report } = read(order, shipment);
    const [line] = report.lines;
    return [report.status, line?.cancelled, line?.shipped, line?.returning];
  };
  const parcel = (status: string, substatus: string | null = null) => ({ ...newShipment, status, substatus });

  it.each([
    ["confirmed", null, "pending"],
    ["payment_required", null, "pending"],
    ["payment_in_process", null, "pending"],
    ["a status of tomorrow", null, "pending"],
    ["confirmed", "2026-09-09T19:56:33.000-04:00", "paid"],
    ["paid", "2026-09-09T19:56:33.000-04:00", "paid"],
    ["partially_paid", null, "paid"],
    ["partially_refunded", "2026-09-09T19:56:33.000-04:00", "paid"],
    ["pending_cancel", "2026-09-09T19:56:33.000-04:00", "paid"],
  ])("%s, closed at %s, is %s", (status, closed, expected) => {
    expect(counts({ ...paid, status, date_closed: closed })).toEqual([expected, 0, 0, 0]);
  });

  it("tells line, listing, times and who ships", () => {
    expect(read(paid, newShipment).report).toEqual({
      channel: "meli-ar",
      orderId: "2000018378699734",
      status: "paid",
      updatedAt: Date.parse("2026-09-10T07:58:00Z"),
      placedAt: Date.parse("2026-09-09T23:55:52Z"),
      lines: [
        {
          lineId: "MLA1145397784",
          listing: "MLA1145397784",
          quantity: 1,
          fulfilledBy: "seller",
          cancelled: 0,
          shipped: 0,
          returning: 0,
        },
      ],
      doNotShip: false,
    });
  });

  it("names a variation by item and variation", () => {
    const [item] = paid.order_items;
    const order = { ...paid, order_items: [{ ...item, item: { id: "MLM1", variation_id: 178001 } }] };
    expect(read(order).report.lines).toMatchObject([{ lineId: "MLM1:178001", listing: "MLM1:178001" }]);
  });

  it("keeps a sale of Full out of the pool", () => {
    const full = { ...newShipment, logistic: { ...newShipment.logistic, type: "fulfillment" } };
    expect(read(paid, full).report.lines).toMatchObject([{ fulfilledBy: "channel" }]);
    const oldShape = { ...newShipment, logistic: undefined, logistic_type: "fulfillment" };
    expect(read(paid, oldShape).report.lines).toMatchObject([{ fulfilledBy: "channel" }]);
  });

  it.each([
    [{ store_id: "100", node_id: "MXP1" }, "100", "seller"],
    [{ store_id: "100", node_id: "MXP1" }, "101", "channel"],
    [[{ store_id: "100", network_node_id: "MXP1" }, { store_id: "101" }], "101", "seller"],
    [{ store_id: null, node_id: "ARBA01" }, "101", "seller"],
    [{ store_id: "100" }, null, "seller"],
    ["something of tomorrow", "101", "seller"],
  ])("sent from %j is fulfilled, where the pool lies at %s, by the %s", (stock, storeId, by) => {
    const [line] = paid.order_items;
    const order = orderSchema.parse({ ...paid, order_items: [{ ...line, stock }] });
    const view = { order, shipment: shipmentSchema.parse(newShipment), split: "no" } as const;
    const { report } = toOrderReading({ connection: "meli-ar", storeId }, view, now);
    expect(report.lines).toMatchObject([{ fulfilledBy: by }]);
  });

  it.each([
    ["ready_to_ship", "printed", ["paid", 0, 0, 0]],
    ["ready_to_ship", "picked_up", ["shipped", 0, 1, 0]],
    ["shipped", "out_for_delivery", ["shipped", 0, 1, 0]],
    ["delivered", null, ["shipped", 0, 1, 0]],
    ["not_delivered", "returning_to_sender", ["shipped", 0, 1, 1]],
    ["not_delivered", "stolen", ["shipped", 0, 1, 0]],
    ["ready_to_ship", "dropped_off", ["shipped", 0, 1, 0]],
    ["cancelled", "cancelled_manually", ["paid", 0, 0, 0]],
    ["cancelled", "shipped_outside_me", ["shipped", 0, 1, 0]],
    ["a status of tomorrow", null, ["paid", 0, 0, 0]],
  ])("paid, its parcel %s/%s", (status, substatus, expected) => {
    expect(counts(paid, parcel(status, substatus))).toEqual(expected);
  });

  const cancelled = {
    ...paid,
    status: "cancelled",
    cancel_detail: {
      code: "buyer_cancel_express",
      requested_by: "buyer",
      date: "2026-09-10T03:23:16.000-04:00",
    },
  };

  it.each([
    ["cancelled", null, ["cancelled", 1, 0, 0]],
    ["ready_to_ship", "printed", ["cancelled", 1, 0, 0]],
    ["ready_to_ship", "picked_up", ["cancelled", 1, 1, 1]],
    ["shipped", null, ["cancelled", 1, 1, 1]],
    ["not_delivered", "returning_to_sender", ["cancelled", 1, 1, 1]],
    ["not_delivered", "lost", ["shipped", 0, 1, 0]],
    ["delivered", null, ["shipped", 0, 1, 0]],
  ])("cancelled, its parcel %s/%s", (status, substatus, expected) => {
    expect(counts(cancelled, parcel(status, substatus))).toEqual(expected);
  });

  it("knows a cancellation by when it happened and whether stock was missing", () => {
    expect(read(cancelled).report).toMatchObject({
      closedAt: Date.parse("2026-09-10T07:23:16Z"),
      cancelReason: "other",
    });
    const detail = {
      ...cancelled.cancel_detail,
      code: "feedback_unavailable_product",
      requested_by: "seller",
    };
    expect(read({ ...cancelled, cancel_detail: detail }).report.cancelReason).toBe("no_stock");
    const byMeli = { ...detail, requested_by: "meli" };
    expect(read({ ...cancelled, cancel_detail: byMeli }).report.cancelReason).toBe("other");
    const otherwise = { ...detail, code: "buyer_asked" };
    expect(read({ ...cancelled, cancel_detail: otherwise }).report.cancelReason).toBe("other");
  });

  it("takes an order refunded to the wallet as cancelled, although it stays paid", () => {
    expect(counts({ ...paid, tags: ["paid", "unfulfilled"] })).toEqual(["cancelled", 1, 0, 0]);
  });

  it("marks suspected fraud as not to be shipped", () => {
    expect(read({ ...paid, tags: ["paid", "fraud_risk_detected"] }).report.doNotShip).toBe(true);
  });

  it("holds the units of a split pack until the orders that take them over are known", () => {
    const waiting = read(splitOrder, "none", "waiting");
    expect(waiting).toMatchObject({
      report: { status: "paid", doNotShip: true, lines: [{ cancelled: 0 }] },
      readAgainAfterMs: 60_000,
    });
    const done = read(splitOrder, "none", "done");
    expect(done).toMatchObject({
      report: { status: "cancelled", cancelReason: "other", lines: [{ cancelled: 1 }] },
      readAgainAfterMs: null,
    });
    expect(done.report.updatedAt).toBe(waiting.report.updatedAt);
  });

  it("gives up no unit of a cancelled order before it is known where its parcel is", () => {
    const unread = read(cancelled, "unread");
    expect(unread.report).toMatchObject({ status: "paid", doNotShip: true, lines: [{ cancelled: 0 }] });
    expect(unread.readAgainAfterMs).toBeGreaterThan(0);
    const gone = read(cancelled, parcel("shipped"));
    expect(gone.report.updatedAt).toBeGreaterThan(unread.report.updatedAt ?? Number.NaN);
  });

  it("looks again the more seldom the longer something is missing", () => {
    const changedAt = Date.parse(paid.last_updated);
    const waits = [1_000, 60_000, 3_600_000, 86_400_000].map(
      (age) => read(paid, "unread", "no", changedAt + age).readAgainAfterMs,
    );
    expect(waits).toEqual([5_000, 30_000, 1_800_000, 21_600_000]);
  });

  it("looks for the shipment of a paid order for an hour, and for none where there will be none", () => {
    const changedAt = Date.parse(paid.last_updated);
    const without = { ...paid, shipping: { id: null } };
    const wait = (order: object, ageMs: number) =>
      read(order, "none", "no", changedAt + ageMs).readAgainAfterMs;
    expect([1_000, 60_000, 3_600_000].map((ageMs) => wait(without, ageMs))).toEqual([15_000, 60_000, null]);
    expect(wait({ ...without, tags: ["paid", "no_shipping"] }, 1_000)).toBeNull();
    expect(wait({ ...without, tags: ["paid", "unfulfilled"] }, 1_000)).toBeNull();
    expect(wait({ ...without, status: "confirmed", date_closed: null }, 1_000)).toBeNull();
  });

  it("names the stock that its listing shares with others", () => {
    expect(read(paid).stockNames).toEqual({ MLA1145397784: "MLAU218060849" });
    const [line] = paid.order_items;
    const without = { ...paid, order_items: [{ ...line, item: { id: "MLM1", variation_id: 1 } }] };
    expect(read(without)).not.toHaveProperty("stockNames");
  });

  it("yields, read without its shipment, to the same order read with it", () => {
    const without = read(paid, "unread");
    expect(without.readAgainAfterMs).toBeGreaterThan(0);
    expect(without.report.updatedAt).toBeLessThan(read(paid, "none").report.updatedAt ?? 0);
  });
});
