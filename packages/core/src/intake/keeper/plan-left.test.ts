import { expect, test } from "vitest";

import { LedgerStory, NOON } from "../../ledger/testing/ledger-story.ts";
import type { Origin } from "./booking.ts";
import { addPick, joinShipment, type OrderDocument, type OrderPart } from "./merge-order.ts";
import { EMPTY_ORDER_STATE, type OrderState, planLeft } from "./plan-left.ts";

/** A channel's order and a keeper that tells what left for it. */
class Desk {
  readonly story = LedgerStory.withSkus("A", "B", "C");
  state: OrderState = EMPTY_ORDER_STATE;
  private nth = 0;

  constructor() {
    const components = [
      { sku: "A", units: 2 },
      { sku: "B", units: 1 },
    ];
    this.story.tell({ kind: "put_connection", code: "web", connectionKind: "api" });
    this.story.tell({ kind: "put_listing", connection: "web", externalId: "KIT", components });
    for (const sku of ["A", "B", "C"]) this.story.receive(sku, 20);
    const lines = [
      { lineId: "1", listing: "KIT", quantity: 2 },
      { lineId: "2", sku: "C", quantity: 3 },
    ];
    this.story.order({ status: "paid", lines, updatedAt: NOON - 10 });
  }

  told(
    merge: (document: OrderDocument) => OrderDocument,
    others: readonly OrderState[] = [],
  ): readonly string[] {
    this.nth += 1;
    const origin: Origin = { connection: "wh", document: `f-${this.nth}`, occurredAt: NOON };
    const order = this.story.state.order("web", "A-1");
    if (order === null) throw new Error("the order is there");
    const lines = order.lines.map((line) => ({ ...line, quantity: line.lineId === "1" ? 2 : 3 }));
    const plan = planLeft(origin, { ...order, lines }, { ...this.state, others }, merge(this.state.document));
    for (const command of plan.commands) expect(this.story.tell(command)).toMatchObject({ ok: true });
    this.state = plan.state;
    return plan.more.map(({ sku, units }) => `${sku} ${units}`);
  }

  shipped(...parts: readonly (readonly [sku: string, units: number])[]): readonly string[] {
    const told = parts.map(([sku, units]): OrderPart => ({
      sku,
      location: "main",
      lineId: null,
      shipped: units,
    }));
    return this.told((document) => joinShipment(document, told));
  }

  left(sku: string): readonly [sellable: number, committed: number] {
    const { state } = this.story;
    return [state.balance(sku, "main", "sellable"), state.balance(sku, "", "committed")];
  }
}

test("[I2] parts of a kit leave as they are told, and the order's promise ends with them", () => {
  const desk = new Desk();
  expect(desk.shipped(["A", 1], ["C", 1])).toEqual(["A 1", "C 1"]);
  expect([desk.left("A"), desk.left("B"), desk.left("C")]).toEqual([
    [19, 3],
    [20, 2],
    [19, 2],
  ]);
  expect(desk.shipped(["A", 1], ["C", 1])).toEqual([]);
  expect(desk.shipped(["A", 4], ["B", 2])).toEqual(["A 3", "B 2"]);
  expect([desk.left("A"), desk.left("B")]).toEqual([
    [16, 0],
    [18, 0],
  ]);
});

test("what was put back comes back, once, and what is picked again leaves again", () => {
  const desk = new Desk();
  const pick = (units: number): readonly string[] =>
    desk.told((document) => addPick(document, { sku: "C", location: "main", units }));
  pick(3);
  expect(desk.left("C")).toEqual([17, 0]);
  pick(-2);
  expect(desk.left("C")).toEqual([19, 2]);
  pick(2);
  expect(desk.left("C")).toEqual([17, 0]);
  expect(desk.shipped(["C", 3])).toEqual([]);
  expect(desk.left("C")).toEqual([17, 0]);
});

test("the same order given twice counts together", () => {
  const desk = new Desk();
  desk.shipped(["C", 1]);
  const first = desk.state;
  desk.state = EMPTY_ORDER_STATE;
  desk.told(
    (document) => joinShipment(document, [{ sku: "C", location: "main", lineId: null, shipped: 2 }]),
    [first],
  );
  expect(desk.left("C")).toEqual([17, 0]);
});

test("what no line sold leaves as an adjustment, and comes back as one", () => {
  const desk = new Desk();
  desk.story.tell({ kind: "put_sku", sku: "D", attributes: {} });
  desk.shipped(["D", 2]);
  expect(desk.left("D")).toEqual([-2, 0]);
});
