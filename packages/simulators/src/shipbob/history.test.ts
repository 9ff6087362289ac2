import { expect, test } from "vitest";

import { CICERO, MORENO, SKU, startTestShipBob, type TestShipBob } from "./test-shipbob.ts";

interface Side {
  quantity_change: number;
  committed_quantity_change: number;
  facility_id: number;
  inventory_status: string;
  sku: string;
}

interface Event {
  inventory_audit_event_id: number;
  event_category: string;
  event_datetime: string;
  shipbob_order_id: number | null;
  inventory_id: number;
  primary_reference: { type: string; value: string } | null;
  increment: Side | null;
  decrement: Side | null;
}

interface HistoryPage {
  data: Event[];
  next: string | null;
}

const at = { facility: CICERO.name, item: SKU };

async function history(keeper: TestShipBob, more: object = {}): Promise<HistoryPage> {
  const body = { facility_id: CICERO.id, ...more };
  const answer = await keeper.api<HistoryPage>("POST", "/inventory/history:query", { body });
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

/** By how much each event changed what can be picked at the facility. */
function onHandChanges({ data }: HistoryPage): [string, number][] {
  return data.map(({ event_category: category, increment, decrement }) => [
    category,
    [increment, decrement]
      .filter((side) => side?.inventory_status === "")
      .reduce((sum, side) => sum + (side?.quantity_change ?? 0), 0),
  ]);
}

test("a pick names its order, takes units and promises, and comes before the shipment", async () => {
  const keeper = await startTestShipBob();
  const order = await keeper.order("o-1", 3);
  expect((await history(keeper)).data).toEqual([]);
  await keeper.act("pick", { id: String(order.id) });
  const { data } = await history(keeper);
  expect(data).toMatchObject([
    {
      event_category: "OrderPicked",
      shipbob_order_id: order.id,
      inventory_id: keeper.inventoryId,
      event_datetime: "2026-11-02T08:00:00.0000000",
      decrement: { quantity_change: -3, committed_quantity_change: -3, facility_id: CICERO.id, sku: SKU },
      increment: null,
    },
  ]);
  await keeper.act("pack", { id: String(order.id) });
  await keeper.act("ship", { id: String(order.id) });
  expect((await history(keeper)).data).toEqual(data);
});

test("each way that on hand changes has its category; what does not change it is not listed", async () => {
  const keeper = await startTestShipBob();
  const document = { facility: CICERO.name, lines: [{ item: SKU, expected: 5 }] };
  await keeper.act("announce-inbound", { id: "w1", ...document });
  await keeper.act("receive", { id: "w1", lines: [{ item: SKU, units: 5, damaged: 1 }] });
  await keeper.act("stow", { id: "w1" });
  await keeper.act("announce-return", { id: "r1", ...document });
  await keeper.act("arrive-return", { id: "r1" });
  await keeper.act("inspect-return", { id: "r1", lines: [{ item: SKU, restock: 2, quarantine: 3 }] });
  await keeper.act("hold", { ...at, units: 6 });
  await keeper.act("release", { ...at, units: 5 });
  await keeper.act("lose", { ...at, units: 2, noticed: true });
  await keeper.act("lose", { ...at, units: 3 });
  await keeper.act("damage", { ...at, units: 1 });
  await keeper.act("count", at);
  await keeper.act("send-transfer", { ...at, id: "t1", to: MORENO.name, units: 4 });
  const page = await history(keeper);
  expect(onHandChanges(page).filter(([category]) => category !== "ReceivingStow")).toEqual([
    ["InventoryReceived", 2],
    ["AttributeUpdated", -6],
    ["AttributeUpdated", 5],
    ["InventoryAdjusted", -2],
    ["InventoryAdjusted", -1],
    ["InventoryAdjusted", -3],
    ["InventoryFacilityUpdated", -4],
  ]);
  const stow = page.data.find(({ event_category: category }) => category === "ReceivingStow");
  expect(stow).toMatchObject({
    primary_reference: { type: "WroAndBox", value: "w1 1" },
    increment: { quantity_change: 4 },
    decrement: { quantity_change: -4 },
  });
  const ids = page.data.map(({ inventory_audit_event_id: id }) => id);
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  expect(await keeper.level()).toMatchObject({ on_hand_quantity: 40 + 4 + 2 - 6 + 5 - 2 - 1 - 3 - 4 });
});

test("what was picked and cancelled is restocked, for the same order", async () => {
  const keeper = await startTestShipBob();
  const order = await keeper.order("o-1", 3);
  const id = String(order.id);
  await keeper.act("pick", { id });
  await keeper.act("cancel-order", { id });
  await keeper.act("put-back", { id });
  const { data } = await history(keeper);
  expect(data).toMatchObject([
    { event_category: "OrderPicked", shipbob_order_id: order.id },
    { event_category: "InventoryRestocked", shipbob_order_id: order.id, increment: { quantity_change: 3 } },
  ]);
});

test("units that a picker does not find move out of on hand into what is looked into", async () => {
  const keeper = await startTestShipBob();
  const order = await keeper.order("o-1", 3);
  await keeper.act("pick", { id: String(order.id), errors: [{ item: SKU, unseen: 39 }] });
  const { data } = await history(keeper);
  expect(data).toMatchObject([
    { event_category: "OrderPicked", decrement: { quantity_change: -1 } },
    {
      event_category: "InventoryAdjusted",
      decrement: { quantity_change: -2 },
      increment: { quantity_change: 2, inventory_status: "Investigation" },
    },
  ]);
});

test("the facility must be named and known, and a span is at most 90 days", async () => {
  const keeper = await startTestShipBob();
  const ask = (body: object) => keeper.api("POST", "/inventory/history:query", { body });
  expect((await ask({})).status).toBe(400);
  expect((await ask({ facility_id: 999 })).status).toBe(400);
  const span = (start: string, end: string) =>
    ask({ facility_id: CICERO.id, start_date: start, end_date: end });
  expect((await span("2026-08-01", "2026-11-01")).status).toBe(400);
  expect((await span("2026-08-04", "2026-11-01")).status).toBe(200);
  expect((await span("2026-11-02", "2026-11-01")).status).toBe(400);
});

test("a cursor leads through the pages and beyond, span and category filter", async () => {
  const keeper = await startTestShipBob();
  for (let event = 0; event < 105; event += 1) {
    await keeper.act("find", { ...at, units: 1, noticed: true });
    keeper.clock.advance(60_000);
  }
  const first = await history(keeper);
  expect(first.data).toHaveLength(100);
  expect(first.next).toContain("cursor=");
  const last = first.data.at(-1)?.inventory_audit_event_id ?? 0;
  const second = await history(keeper, { cursor: last });
  expect([second.data.length, second.next]).toEqual([5, null]);
  const end = second.data.at(-1)?.inventory_audit_event_id ?? 0;
  expect((await history(keeper, { cursor: end })).data).toEqual([]);
  const inSpan = await history(keeper, {
    start_date: "2026-11-02T08:10:00Z",
    end_date: "2026-11-02T08:12:00Z",
    event_category: "InventoryAdjusted",
  });
  expect(inSpan.data).toHaveLength(3);
  expect((await history(keeper, { event_category: "OrderPicked" })).data).toEqual([]);
  expect((await history(keeper, { inventory_ids: [1] })).data).toEqual([]);
});

test("an event may show late, behind its number and its time", async () => {
  const keeper = await startTestShipBob({ faults: { history: { late: 1, lateMs: 60_000 } } });
  await keeper.act("find", { ...at, units: 1, noticed: true });
  await keeper.sim("PUT", "/faults", {});
  await keeper.act("find", { ...at, units: 2, noticed: true });
  const before = await history(keeper);
  expect(before.data.map(({ increment }) => increment?.quantity_change)).toEqual([2]);
  keeper.clock.advance(60_000);
  const after = await history(keeper);
  expect(after.data.map(({ increment }) => increment?.quantity_change)).toEqual([1, 2]);
  const cursor = before.data.at(-1)?.inventory_audit_event_id;
  expect((await history(keeper, { cursor })).data).toEqual([]);
});
