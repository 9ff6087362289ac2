import { expect, test } from "vitest";

import { CICERO, MORENO, SKU, startTestShipBob } from "./test-shipbob.ts";

interface Page {
  items: { sku: string; locations: { on_hand_quantity: number }[] }[];
  next: string | null;
  first: string | null;
}

const at = { facility: CICERO.name, item: SKU };

test("committed rises when an order is made, on hand falls at the pick, before anything is shipped", async () => {
  const keeper = await startTestShipBob();
  expect(await keeper.level()).toMatchObject({ on_hand_quantity: 40, committed_quantity: 0 });
  const order = await keeper.order("o-1", 3);
  const placed = { on_hand_quantity: 40, committed_quantity: 3, fulfillable_quantity: 37 };
  expect(await keeper.level()).toMatchObject(placed);
  await keeper.act("pick", { id: String(order.id) });
  const picked = { on_hand_quantity: 37, committed_quantity: 0, fulfillable_quantity: 37 };
  expect(await keeper.level()).toMatchObject(picked);
  await keeper.act("pack", { id: String(order.id) });
  await keeper.act("ship", { id: String(order.id) });
  expect(await keeper.level()).toMatchObject(picked);
});

test("the totals add up over facilities; sellable holds what has not arrived; exceptions stand beside on hand", async () => {
  const keeper = await startTestShipBob();
  await keeper.act("lay", { facility: MORENO.name, item: SKU, units: 5 });
  await keeper.act("hold", { ...at, units: 4 });
  await keeper.act("damage", { ...at, units: 1, noticed: true });
  await keeper.act("announce-inbound", {
    id: "w1",
    facility: CICERO.name,
    lines: [{ item: SKU, expected: 10 }],
  });
  await keeper.act("send-transfer", { ...at, id: "t1", to: MORENO.name, units: 2 });
  await keeper.order("o-1", 3);
  const { body } = await keeper.api<Record<string, unknown>>("GET", `/inventory-level/${keeper.inventoryId}`);
  expect(body).toEqual({
    inventory_id: keeper.inventoryId,
    name: "Knee brace M",
    sku: SKU,
    total_on_hand_quantity: 38,
    total_committed_quantity: 3,
    total_fulfillable_quantity: 35,
    total_awaiting_quantity: 10,
    total_sellable_quantity: 45,
    total_exception_quantity: 5,
    total_internal_transfer_quantity: 2,
    total_backordered_quantity: 0,
  });
});

test("no level has a time", async () => {
  const keeper = await startTestShipBob();
  for (const path of ["", "/locations", "/lots"]) {
    const { text, status } = await keeper.api("GET", `/inventory-level${path}`);
    expect(status).toBe(200);
    expect(text).not.toMatch(/time|updated|2026-11/);
  }
});

test("units that vanished are still told until somebody counts", async () => {
  const keeper = await startTestShipBob();
  await keeper.act("lose", { ...at, units: 6 });
  expect(await keeper.level()).toMatchObject({ on_hand_quantity: 40 });
  await keeper.act("count", at);
  expect(await keeper.level()).toMatchObject({ on_hand_quantity: 34 });
});

test("lists come in pages whose links lead on, each page read at its own instant", async () => {
  const keeper = await startTestShipBob();
  const first = await keeper.api<Page>("GET", "/inventory-level/locations?PageSize=2");
  expect(first.body.items.map(({ sku }) => sku)).toEqual(["KB-S", "KB-M"]);
  expect(first.body.first).toBeNull();
  // Between the pages units move from the page that was read to the one that was not: the reading is torn.
  await keeper.act("lose", { facility: CICERO.name, item: "KB-S", units: 3, noticed: true });
  await keeper.act("find", { facility: CICERO.name, item: "KB-L", units: 3, noticed: true });
  const second = await keeper.api<Page>("GET", (first.body.next ?? "").replace("/2026-01", ""));
  expect(second.body.items).toMatchObject([{ sku: "KB-L", locations: [{ on_hand_quantity: 43 }] }]);
  expect(second.body.next).toBeNull();
  const told = [...first.body.items, ...second.body.items].flatMap(({ locations }) => locations);
  expect(told.reduce((sum, { on_hand_quantity: units }) => sum + units, 0)).toBe(123);
});

test("lists can be filtered by item and place", async () => {
  const keeper = await startTestShipBob();
  await keeper.act("lay", { facility: MORENO.name, item: SKU, units: 5 });
  const query = `InventoryIds=${keeper.inventoryId}&LocationId=${MORENO.id}`;
  const { body } = await keeper.api<Page>("GET", `/inventory-level/locations?${query}`);
  expect(body.items).toMatchObject([{ sku: SKU, locations: [{ on_hand_quantity: 5 }] }]);
  expect((await keeper.api("GET", "/inventory-level?InventoryIds=x")).status).toBe(400);
  expect((await keeper.api("GET", "/inventory-level/1")).status).toBe(404);
});

test("a stale reading tells what held a while ago", async () => {
  const keeper = await startTestShipBob();
  await keeper.act("find", { ...at, units: 1, noticed: true });
  keeper.clock.advance(600_000);
  await keeper.act("find", { ...at, units: 10, noticed: true });
  await keeper.order("o-1", 2);
  keeper.clock.advance(60_000);
  await keeper.sim("PUT", "/faults", { levels: { stale: 1, staleMs: 300_000 } });
  expect(await keeper.level()).toMatchObject({ on_hand_quantity: 41, committed_quantity: 0 });
  keeper.clock.advance(300_000);
  expect(await keeper.level()).toMatchObject({ on_hand_quantity: 51, committed_quantity: 2 });
});

test("a list may leave items out", async () => {
  const keeper = await startTestShipBob();
  await keeper.sim("PUT", "/faults", { levels: { omit: 1 } });
  const { body } = await keeper.api<Page>("GET", "/inventory-level/locations");
  expect(body.items).toEqual([]);
});
