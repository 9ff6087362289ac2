import { expect, test } from "vitest";

import { CICERO, MORENO, SKU, startTestShipBob, type TestShipBob } from "./test-shipbob.ts";

interface Side {
  facility_id: number;
  quantity_change: number;
  inventory_status: string;
}

interface Event {
  inventory_audit_event_id: number;
  inventory_id: number;
  event_category: string;
  increment: Side | null;
  decrement: Side | null;
}

const minutes = (min: number, max: number) => ({ min: min * 60_000, max: max * 60_000 });

/** Everything that goes wrong in a building, now and then. */
const badFloor = {
  pickAfterMs: minutes(1, 300),
  packAfterMs: minutes(1, 60),
  shipAfterMs: minutes(1, 600),
  putBackAfterMs: minutes(60, 600),
  shortOrders: "ship" as const,
  unseenPick: 0.1,
  mispick: 0.05,
  splitShipment: 0.2,
  inboundArrivesAfterMs: minutes(60, 3_000),
  receiveAfterMs: minutes(60, 600),
  stowAfterMs: minutes(60, 600),
  shortReceipt: 0.2,
  overReceipt: 0.2,
  damagedReceipt: 0.2,
  miscountedReceipt: 0.2,
  splitReceipt: 0.5,
  returnArrivesAfterMs: minutes(60, 6_000),
  inspectAfterMs: minutes(60, 600),
  missingReturn: 0.2,
  quarantineReturn: 0.2,
  disposeReturn: 0.2,
  lossesPerDay: 0.5,
  findsPerDay: 0.2,
  damagesPerDay: 0.3,
  countsPerDay: 0.3,
};

const DAY_MS = 24 * 3_600_000;

async function playMonth(keeper: TestShipBob): Promise<void> {
  for (let day = 0; day < 30; day += 1) {
    for (let sale = 0; sale < 3; sale += 1) {
      const id = `o-${day}-${sale}`;
      const item = ["KB-S", "KB-M", "KB-L"][sale] ?? SKU;
      await keeper.act("accept-order", {
        id,
        facility: CICERO.name,
        lines: [{ item, units: 1 + (day % 3) }],
      });
    }
    await keeper.sim("POST", "/clock", { advanceMs: DAY_MS / 4 });
    // Before or after the pick, or too late: whichever it has come to.
    await keeper.sim("POST", "/warehouse/cancel-order", { id: `o-${day}-1` });
    const lines = [{ item: SKU, expected: 4 }];
    await keeper.act("announce-inbound", { id: `w-${day}`, facility: CICERO.name, lines });
    await keeper.act("announce-return", {
      id: `r-${day}`,
      facility: CICERO.name,
      lines: [{ item: SKU, expected: 2 }],
    });
    const transfer = { id: `t-${day}`, facility: CICERO.name, to: MORENO.name, item: "KB-S", units: 1 };
    await keeper.sim("POST", "/warehouse/send-transfer", transfer);
    await keeper.sim("POST", "/clock", { advanceMs: (DAY_MS * 3) / 4 });
    await keeper.sim("POST", "/warehouse/receive-transfer", { id: `t-${day}` });
  }
}

async function wholeLog(keeper: TestShipBob, facility: number): Promise<Event[]> {
  const events: Event[] = [];
  for (let isWhole = false; !isWhole;) {
    const cursor = events.at(-1)?.inventory_audit_event_id ?? 0;
    const answer = await keeper.api<{ data: Event[]; next: string | null }>(
      "POST",
      "/inventory/history:query",
      {
        body: { facility_id: facility, cursor },
      },
    );
    expect(answer.status, answer.text).toBe(200);
    events.push(...answer.body.data);
    isWhole = answer.body.next === null;
  }
  return events;
}

/** By how much an event changes on hand at a facility: of a stow, what stands on the shelf after it. */
function onHandChange({ event_category: category, increment, decrement }: Event, facility: number): number {
  const sides = category === "ReceivingStow" ? [increment] : [increment, decrement];
  return sides
    .filter((side) => side?.facility_id === facility && side.inventory_status === "")
    .reduce((sum, side) => sum + (side?.quantity_change ?? 0), 0);
}

test("after a month in which everything goes wrong, the log adds up to the levels, and the truth keeps its books", async () => {
  const keeper = await startTestShipBob({ floor: badFloor, seed: 3 });
  await playMonth(keeper);
  const truth = await keeper.worldTruth();
  for (const { id, name } of [CICERO, MORENO]) {
    const log = await wholeLog(keeper, id);
    for (const { sku, inventoryId } of keeper.account.items) {
      const stock = truth.stocks.find(({ item, facility }) => item === sku && facility === name);
      const moved = log
        .filter((event) => event.inventory_id === inventoryId)
        .reduce((sum, event) => sum + onHandChange(event, id), 0);
      const answer = await keeper.api<{ locations: { location_id: number; on_hand_quantity: number }[] }>(
        "GET",
        `/inventory-level/${inventoryId}/locations`,
      );
      const told =
        answer.body.locations.find(({ location_id: place }) => place === id)?.on_hand_quantity ?? 0;
      expect(told, `${sku} at ${name}`).toBe((stock?.totals.opening ?? 0) + moved);
      expect(told).toBe(stock?.record.shelf ?? 0);
    }
  }
  const { totals } = truth;
  const happened = [
    totals.lost,
    totals.found,
    totals.damaged,
    totals.shipped,
    totals.received,
    totals.returned,
  ];
  for (const units of happened) expect(units).toBeGreaterThan(0);
  expect(totals.recordCorrections).not.toBe(0);
});
