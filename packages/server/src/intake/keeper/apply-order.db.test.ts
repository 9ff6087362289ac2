import type { KeeperFact } from "@onepool/connectors/contract/keeper/keeper-fact.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { testDatabase } from "../../testing/test-database.ts";
import { applyFact } from "./apply-fact.ts";
import { HOUR_MS, MINUTE_MS, ToldKeeper } from "./testing/told-keeper.ts";

const database = await testDatabase();

let keeper: ToldKeeper;

beforeEach(async () => {
  keeper = await ToldKeeper.open(database);
});

afterEach(() => keeper.close());

async function states(): Promise<readonly string[]> {
  const rows = await keeper.rows<{ state: string }>(
    "select state from keeper_fact where seller_id = $1 order by arrival",
  );
  return rows.map(({ state }) => state);
}

describe("shipments", () => {
  beforeEach(async () => {
    await keeper.told(keeper.levels({ A: 40, B: 20 }));
    keeper.clock.advance(MINUTE_MS);
    await keeper.sold("O-1", { A: 3 });
  });

  test("[I2] one shipment, two witnesses: units leave once, whoever says so first", async () => {
    await keeper.told(keeper.shipped("O-1", { A: 2 }));
    expect(await keeper.stock("A")).toEqual({ sellable: 38, committed: 1 });
    await keeper.sold("O-1", { A: 3 }, { status: "shipped", updatedAt: keeper.clock.now() + 1 });
    expect(await keeper.stock("A")).toEqual({ sellable: 37 });
    await keeper.told(
      keeper.shipped("O-1", { A: 3 }),
      keeper.shipped("O-1", { A: 2 }),
      keeper.shipped("O-1", { A: 3 }),
    );
    expect(await keeper.stock("A")).toEqual({ sellable: 37 });
  });

  test("what a channel had leave later than the keeper counted it gone leaves once, at the keeper's time", async () => {
    keeper.clock.advance(MINUTE_MS);
    const leftAt = keeper.clock.now();
    keeper.clock.advance(MINUTE_MS);
    // Two snapshots without the units, before anybody says why: booked.
    for (let strike = 0; strike < 2; strike++) {
      await keeper.told(keeper.levels({ A: 37, B: 20 }));
      keeper.clock.advance(MINUTE_MS);
    }
    expect(await keeper.stock("A")).toEqual({ sellable: 37, committed: 3 });
    await keeper.sold("O-1", { A: 3 }, { status: "shipped", updatedAt: keeper.clock.now() });
    expect(await keeper.stock("A")).toEqual({ sellable: 34 });
    keeper.clock.advance(MINUTE_MS);
    await keeper.told(keeper.shipped("O-1", { A: 3 }, { occurredAt: leftAt, updatedAt: leftAt }));
    expect(await keeper.stock("A")).toEqual({ sellable: 37 });
    await keeper.told(keeper.shipped("O-1", { A: 3 }, { occurredAt: leftAt, updatedAt: leftAt }));
    expect(await keeper.stock("A")).toEqual({ sellable: 37 });
  });

  test("a pick counts for its order, and the shipment after it is a no-op; what is put back comes back", async () => {
    const pick = (units: number): KeeperFact => ({
      kind: "pick",
      factId: keeper.id(),
      occurredAt: keeper.clock.now(),
      keeperOrderId: "k-O-1",
      item: "A",
      facility: "F1",
      units,
    });
    expect(await keeper.told(pick(3))).toEqual(["waits"]);
    await keeper.told(keeper.shipped("O-1", { A: 0 }, { status: "open" }));
    keeper.clock.advance(HOUR_MS);
    expect(await keeper.work()).toEqual(["booked"]);
    expect(await keeper.stock("A")).toEqual({ sellable: 37 });
    await keeper.told(pick(-1));
    expect(await keeper.stock("A")).toEqual({ sellable: 38, committed: 1 });
    keeper.clock.advance(MINUTE_MS);
    await keeper.told(keeper.shipped("O-1", { A: 3 }));
    expect(await keeper.stock("A")).toEqual({ sellable: 37 });
  });

  test("a shipment of an order that is not known yet waits for it, and a day later somebody is told", async () => {
    expect(await keeper.told(keeper.shipped("O-2", { B: 1 }))).toEqual(["waits"]);
    expect(await keeper.stock("B")).toEqual({ sellable: 20 });
    keeper.clock.advance(25 * HOUR_MS);
    await keeper.work();
    expect(await keeper.alerts()).toEqual(["keeper_order_unknown"]);
    await keeper.sold("O-2", { B: 1 });
    keeper.clock.advance(HOUR_MS);
    expect(await keeper.work()).toEqual(["booked"]);
    expect(await keeper.stock("B")).toEqual({ sellable: 19 });
  });

  test("a pick that does not say its order is booked at once and taken back when the shipment comes, in either order", async () => {
    const pick = keeper.adjusted({ sellable: -3, isUnlinkedPick: true });
    keeper.clock.advance(MINUTE_MS);
    const shipment = keeper.shipped("O-1", { A: 3 });
    await keeper.told(pick);
    expect(await keeper.stock("A")).toEqual({ sellable: 37, committed: 3 });
    await keeper.told(shipment);
    expect(await keeper.stock("A")).toEqual({ sellable: 37 });
    await keeper.sold("O-2", { A: 1 });
    const late = keeper.adjusted({ sellable: -1, isUnlinkedPick: true });
    keeper.clock.advance(MINUTE_MS);
    await keeper.told(keeper.shipped("O-2", { A: 1 }));
    await keeper.told(late);
    expect(await keeper.stock("A")).toEqual({ sellable: 36 });
    expect(await keeper.variance("A")).toBe(40);
  });

  test("what no line of the order sold leaves all the same", async () => {
    await keeper.told(keeper.shipped("O-1", { A: 3, B: 1 }));
    expect([await keeper.stock("A"), await keeper.stock("B")]).toEqual([{ sellable: 37 }, { sellable: 19 }]);
  });

  test("a kit that the keeper ships as one item leaves as its parts", async () => {
    const components = [
      { sku: "A", units: 2 },
      { sku: "B", units: 1 },
    ];
    await keeper.ledger.tell({ kind: "put_listing", connection: "web", externalId: "KIT", components });
    await keeper.sold("O-3", {}, { lines: [{ lineId: "1", listing: "KIT", quantity: 2 }] });
    await keeper.told(keeper.shipped("O-3", { "KIT-2": 1 }));
    expect([await keeper.stock("A"), await keeper.stock("B")]).toEqual([
      { sellable: 38, committed: 5 },
      { sellable: 19, committed: 1 },
    ]);
    await keeper.told(keeper.shipped("O-3", { A: 2, B: 1, "KIT-2": 1 }, { keeperOrderId: "k-O-3" }));
    expect([await keeper.stock("A"), await keeper.stock("B")]).toEqual([
      { sellable: 36, committed: 3 },
      { sellable: 18 },
    ]);
  });

  test("an item in the parcel that nobody knows holds up nothing else, and leaves when it is known", async () => {
    expect(await keeper.told(keeper.shipped("O-1", { A: 3, D: 1 }))).toEqual(["booked"]);
    expect(await keeper.stock("A")).toEqual({ sellable: 37 });
    expect(await states()).toEqual(["done", "waiting"]);
    await keeper.ledger.tell({ kind: "put_sku", sku: "D", attributes: {} });
    keeper.clock.advance(HOUR_MS);
    expect(await keeper.work()).toEqual(["booked"]);
    expect([await keeper.stock("A"), await keeper.stock("D")]).toEqual([{ sellable: 37 }, { sellable: -1 }]);
    expect(await states()).toEqual(["done", "done"]);
  });

  test("other units allocated than it was given orders for are said when they differ the same way twice", async () => {
    const settings = { sendsOrders: ["web"] };
    await keeper.ledger.tell({ kind: "put_connection", code: "wh", settings });
    await keeper.rows(
      `insert into keeper_order (seller_id, reference, connection, channel, order_id, facility, lines, items, state, created_at)
       values ($1, 'ref-1', 'wh', 'web', 'O-1', 'F1', $2, '[]', 'sent', $3)`,
      JSON.stringify([{ lineId: "1", sku: "A", units: 3 }]),
      new Date(keeper.clock.now()),
    );
    const levels = async (allocated: number): Promise<void> => {
      keeper.clock.advance(MINUTE_MS);
      const lines = [{ item: "A", facility: "F1", onHand: 40, held: 0, allocated }];
      await keeper.told(keeper.levels({}, { lines }));
    };
    await levels(3);
    expect(await keeper.level("A")).toMatchObject({ allocated_ours: 3, allocated_strikes: 0 });
    await levels(5);
    expect(await keeper.alerts()).toEqual([]);
    await levels(5);
    expect(await keeper.alerts()).toEqual(["keeper_allocation_differs"]);
    expect(await keeper.stock("A")).toEqual({ sellable: 40, committed: 3 });
    await keeper.told(keeper.shipped("ref-1", { A: 0 }, { status: "open" }));
    await levels(3);
    expect(await keeper.alerts()).toEqual([]);
  });

  test("an order that the keeper was given is found by our reference, and what left is no longer given", async () => {
    await keeper.ledger.tell({ kind: "put_connection", code: "wh", settings: { sendsOrders: ["web"] } });
    await keeper.rows(
      `insert into keeper_order (seller_id, reference, connection, channel, order_id, facility, lines, items, state, created_at)
       values ($1, 'ref-1', 'wh', 'web', 'O-1', 'F1', $2, '[]', 'sent', $3)`,
      JSON.stringify([{ lineId: "1", sku: "A", units: 3 }]),
      new Date(keeper.clock.now()),
    );
    expect(await keeper.told(keeper.shipped("ref-1", { A: 2 }))).toEqual(["booked"]);
    expect(await keeper.stock("A")).toEqual({ sellable: 38, committed: 1 });
    keeper.clock.advance(MINUTE_MS);
    const lines = [{ item: "A", facility: "F1", onHand: 38, held: 0, allocated: 1 }];
    await keeper.told(keeper.levels({}, { lines }));
    expect(await keeper.level("A")).toMatchObject({ allocated_ours: 1, allocated_strikes: 0 });
  });

  test("[I3] what a crash left between writing down and telling is told once, before anything else", async () => {
    const deaf = { submit: () => Promise.resolve({ kind: "stopping" as const }) };
    await keeper.store(keeper.adjusted({ sellable: -1, reason: "lost" }));
    const [claimed] = await keeper.claim();
    if (claimed === undefined) throw new Error("nothing was claimed");
    expect(await applyFact(keeper.parts(deaf), claimed)).toBe("later");
    expect(await keeper.stock("A")).toEqual({ sellable: 40, committed: 3 });
    expect(await keeper.told(keeper.shipped("O-1", { A: 1 }))).toEqual(["booked"]);
    expect(await keeper.stock("A")).toEqual({ sellable: 38, committed: 2 });
    keeper.clock.advance(MINUTE_MS);
    expect(await keeper.work()).toEqual([]);
    expect(await states()).toEqual(["done", "done", "done"]);
  });
});
