// Pure: what ShipBob's resources and log become.
import { describe, expect, it } from "vitest";

import { factFaults } from "../contract/testing/fact-faults.ts";
import rawHistory from "./fixtures/history.json" with { type: "json" };
import rawLevels from "./fixtures/levels.json" with { type: "json" };
import rawOrder from "./fixtures/order.json" with { type: "json" };
import rawReceiving from "./fixtures/receiving-order.json" with { type: "json" };
import rawReturn from "./fixtures/return.json" with { type: "json" };
import { toLevels } from "./to-levels.ts";
import { toMovement } from "./to-movement.ts";
import { toReceipt } from "./to-receipt.ts";
import { toReturn } from "./to-return.ts";
import { toShipment } from "./to-shipment.ts";
import {
  historySchema,
  levelsSchema,
  orderSchema,
  receivingOrderSchema,
  returnSchema,
  type WireShipment,
} from "./wire.ts";

const at = (text: string) => Date.parse(`2026-11-${text}Z`);
const NAMES: Readonly<Record<string, string>> = { "501": "KB-M", "502": "STRAP", "503": "KB-L" };
const itemOf = (id: string) => NAMES[id] ?? `inventory:${id}`;
const order = orderSchema.parse(rawOrder);
const events = historySchema.parse(rawHistory).data;

function shipmentOf(...changes: Partial<WireShipment>[]) {
  const shipments = order.shipments.map((shipment, index) => ({ ...shipment, ...changes[index] }));
  return toShipment({ ...order, shipments }, itemOf);
}

describe("an order", () => {
  it("is what left over all its shipments, in inventory items and never in bundles", () => {
    const fact = shipmentOf();
    expect(fact).toMatchObject({
      kind: "shipment",
      occurredAt: at("21T10:00:00"),
      updatedAt: at("22T09:00:00"),
      keeperOrderId: "90001",
      reference: "OP-1001",
      status: "short",
      tracking: ["9400100000000000000001"],
    });
    expect(fact.lines).toEqual([
      { item: "KB-M", facility: "8", ordered: 2, shipped: 2 },
      { item: "STRAP", facility: "8", ordered: 4, shipped: 4 },
      { item: "KB-L", facility: "12", ordered: 1, shipped: 0, shortReason: "Out of stock at the facility" },
    ]);
    expect(factFaults(fact)).toEqual([]);
  });

  it.each([
    ["shipped", [{}, { status: "LabeledCreated" }]],
    ["open", [{}, { status: "Processing" }]],
    ["open", [{}, { status: "SomethingNew" }]],
    ["on_hold", [{}, { status: "OnHold" }]],
    ["short", [{}, { status: "Cancelled" }]],
    ["shipped", [{}, { status: "CleanSweeped" }]],
    [
      "cancelled",
      [{ status: "Cancelled" }, { status: "Cancelled", actual_fulfillment_date: at("21T10:00:00") }],
    ],
  ] as const)("is %s when its shipments are %j", (status, changes) => {
    expect(shipmentOf(...changes).status).toBe(status);
  });

  it("counts a swept shipment's units once, where they went", () => {
    const twin = { ...order.shipments[0], status: "CleanSweeped" } as WireShipment;
    const swept = toShipment({ ...order, shipments: [twin, ...order.shipments] }, itemOf);
    expect(swept.lines).toEqual(shipmentOf().lines);
  });

  it("that was cancelled before it was split has nothing that left", () => {
    const fact = toShipment({ ...order, status: "Cancelled", shipments: [] }, itemOf);
    expect(fact).toMatchObject({ status: "cancelled", lines: [], updatedAt: null });
    expect(factFaults(fact)).toEqual([]);
  });

  it("takes no name that could not be kept", () => {
    const told = { ...rawOrder, reference_id: "R".repeat(300), shipments: [] };
    const fact = toShipment(orderSchema.parse(told), itemOf);
    expect([fact.reference, factFaults(fact)]).toEqual([null, []]);
    expect(orderSchema.safeParse({ ...rawOrder, id: "9\u00001" }).success).toBe(false);
  });

  it("is one fact as long as it stays as it is", () => {
    expect(shipmentOf().factId).toBe(shipmentOf().factId);
    expect(shipmentOf().factId).not.toBe(shipmentOf({}, { status: "Completed" }).factId);
  });
});

describe("the log", () => {
  const movements = (facility: string) =>
    events.flatMap((event) => toMovement(event, facility, itemOf(event.inventory_id)) ?? []);

  it("tells picks by order, and leaves what documents tell to them", () => {
    const facts = movements("8");
    expect(facts.map(({ factId }) => factId)).toEqual([
      "history:8:1001",
      "history:8:1002",
      "history:8:1003",
      "history:8:1005",
    ]);
    expect(facts[0]).toEqual({
      kind: "pick",
      factId: "history:8:1001",
      occurredAt: at("21T09:00:00"),
      keeperOrderId: "90001",
      item: "KB-M",
      facility: "8",
      units: 2,
    });
    for (const fact of facts) expect(factFaults(fact)).toEqual([]);
  });

  it("moves damaged units out of what can be picked", () => {
    expect(movements("8")[1]).toMatchObject({ sellable: -3, held: 3, reason: "damaged" });
  });

  it("tells each facility its own side of a transfer", () => {
    expect(movements("8")[2]).toMatchObject({ facility: "8", sellable: -6, reason: "transfer" });
    expect(movements("12")).toMatchObject([
      { factId: "history:12:1003", facility: "12", sellable: 6, held: 0, reason: "transfer" },
    ]);
  });

  it("counts what has no status as sellable, and takes its words for the reason", () => {
    expect(movements("8")[3]).toMatchObject({ item: "inventory:504", sellable: 1, reason: "cycle_count" });
  });

  const [pick] = events;
  const picked = (change: object) =>
    toMovement({ ...pick, ...change } as (typeof events)[number], "8", "KB-M");

  it("takes units that only come back to the shelf for put back", () => {
    expect(picked({ decrement: null, increment: { ...pick?.decrement, quantity_change: 2 } })).toMatchObject({
      kind: "pick",
      units: -2,
    });
  });

  it("does not let a pick's other side undo it", () => {
    const increment = { ...pick?.decrement, quantity_change: 2, inventory_status: "Picked" };
    expect(picked({ increment })).toMatchObject({ kind: "pick", units: 2 });
  });

  it("marks a pick without its order: the shipment will tell of the same units", () => {
    expect(picked({ shipbob_order_id: null })).toMatchObject({
      kind: "adjustment",
      sellable: -2,
      isUnlinkedPick: true,
    });
  });

  it("tells what goes back to the shelf for its order, and leaves that of a return to the return", () => {
    const back = { ...pick?.decrement, quantity_change: 2 };
    const restocked = { event_category: "InventoryRestocked", decrement: null, increment: back };
    expect(picked(restocked)).toMatchObject({ kind: "pick", keeperOrderId: "90001", units: -2 });
    expect(picked({ ...restocked, shipbob_order_id: null })).toBeNull();
    expect(picked({ ...restocked, additional_reference: [{ key: "ReturnId", value: "7" }] })).toBeNull();
  });

  it("has times without a zone, which are not this machine's", () => {
    const told = historySchema.parse({
      ...rawHistory,
      data: [{ ...rawHistory.data[0], event_datetime: "2026-11-21T09:00:00.1234567" }],
    });
    expect(told.data[0]?.event_datetime).toBe(at("21T09:00:00.123"));
  });

  it("says nothing where nothing changed", () => {
    expect(picked({ event_category: "AttributeUpdated", decrement: null, increment: null })).toBeNull();
  });
});

describe("a receiving order", () => {
  it("counts what is stowed, not what is unloaded, per item", () => {
    const fact = toReceipt(receivingOrderSchema.parse(rawReceiving));
    expect(fact).toMatchObject({
      kind: "receipt",
      keeperInboundId: "442945",
      reference: "IN-1",
      status: "open",
      updatedAt: at("22T07:30:00"),
      lines: [
        { item: "KB-M", facility: "8", expected: 15, stowed: 6, damaged: 0 },
        { item: "KB-L", facility: "8", expected: 4, stowed: 4, damaged: 0 },
      ],
    });
    expect(factFaults(fact)).toEqual([]);
  });
});

describe("a return", () => {
  const told = returnSchema.parse(rawReturn);

  it("is split over its dispositions, and what was not in the parcel is missing once it is closed", () => {
    const fact = toReturn(told, "OP-1001");
    expect(fact).toMatchObject({
      status: "closed",
      reference: "RMA-1",
      orderReference: "OP-1001",
      updatedAt: null,
    });
    expect(fact.lines).toEqual([
      {
        item: "KB-M",
        facility: "8",
        quantity: 5,
        received: 4,
        dispositions: { restocked: 2, quarantined: 1, disposed: 1, missing: 1 },
      },
    ]);
    expect(factFaults(fact)).toEqual([]);
  });

  it.each([
    ["Awaiting Arrival", "announced"],
    ["AwaitingArrival", "announced"],
    ["Arrived", "open"],
    ["Processing", "open"],
    ["Cancelled", "cancelled"],
  ] as const)("of status %s is %s, and nothing is missing yet", (status, expected) => {
    const fact = toReturn({ ...told, status }, null);
    expect(fact.status).toBe(expected);
    expect(fact.lines[0]?.dispositions.missing).toBe(0);
  });

  it("keeps units waiting whose action nobody knows", () => {
    const [line] = told.inventory;
    if (line === undefined) throw new Error("the fixture has a line");
    const action_taken = [{ action: "Default", quantity_processed: 5 }];
    const unasked = toReturn(
      { ...told, inventory: [{ ...line, action_requested: null, action_taken }] },
      null,
    );
    expect(unasked.lines[0]).toMatchObject({
      received: 5,
      dispositions: { restocked: 0, quarantined: 0, disposed: 0, missing: 0 },
    });
  });
});

describe("levels", () => {
  it("stand per facility, SKUs that two items share added up, nothing made up where nothing lies", () => {
    expect(toLevels(levelsSchema.parse(rawLevels).items)).toEqual([
      { item: "KB-M", facility: "8", onHand: 45, held: 0, allocated: 4, incoming: 10 },
      { item: "KB-M", facility: "12", onHand: -1, held: 0, allocated: 0, incoming: 0 },
      { item: "inventory:504", facility: "8", onHand: 2, held: 0, allocated: 0, incoming: 0 },
    ]);
  });
});
