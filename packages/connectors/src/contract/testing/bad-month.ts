import type { KeeperFact } from "../keeper/keeper-fact.ts";
import type { Keeper } from "../keeper/keeper.ts";
import { anOrder } from "./an-order.ts";
import type { SimulatorProcess } from "./simulator-process.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const soon = { min: MINUTE_MS, max: 5 * HOUR_MS };

/** People who do everything by themselves, and make every mistake at it. */
const FLOOR = {
  pickAfterMs: soon,
  packAfterMs: soon,
  shipAfterMs: soon,
  putBackAfterMs: soon,
  shortOrders: "ship",
  unseenPick: 0.1,
  splitShipment: 0.3,
  inboundArrivesAfterMs: soon,
  receiveAfterMs: soon,
  stowAfterMs: soon,
  shortReceipt: 0.2,
  overReceipt: 0.1,
  damagedReceipt: 0.2,
  splitReceipt: 0.5,
  returnArrivesAfterMs: soon,
  inspectAfterMs: soon,
  missingReturn: 0.1,
  quarantineReturn: 0.2,
  disposeReturn: 0.2,
  lossesPerDay: 1,
  findsPerDay: 0.5,
  damagesPerDay: 0.5,
  countsPerDay: 1,
  mostUnits: 2,
};

export interface Month {
  readonly simulator: SimulatorProcess;
  readonly keeper: Required<Keeper>;
  readonly items: readonly string[];
  /** As the keeper calls it, and as the building does. */
  readonly facility: { readonly code: string; readonly building: string };
  readonly since: number;
  /** Moves the simulator's clock and the connector's. */
  readonly pass: (ms: number) => Promise<void>;
  readonly now: () => number;
}

/**
 * A simulated month in which orders, deliveries and returns come and people work at them, read as it goes by: the facts of the log, in
 * the order in which their cursor brought them.
 */
export async function liveThroughMonth(month: Month): Promise<ReadonlyMap<string, KeeperFact>> {
  const { simulator, keeper, pass } = month;
  await simulator.control("PUT", "/_sim/warehouse/floor", FLOOR);
  const told = new Map<string, KeeperFact>();
  let cursor: string | null = null;
  const collect = async (): Promise<void> => {
    for (let pages = 0; pages < 100; pages++) {
      const collected = await keeper.collect({ cursor, since: month.since });
      // A call that failed brought nothing, and is made again later.
      if (!collected.ok) return;
      for (const fact of collected.value.facts) told.set(fact.factId, fact);
      ({ cursor } = collected.value);
      if (!collected.value.hasMore) return;
    }
    throw new Error("the log never ends");
  };
  for (let day = 1; day <= 30; day++) {
    await begin(month, day);
    await pass(20 * HOUR_MS);
    await collect();
    // Readings that follow each other closely: what is listed late must not fall between two of them.
    for (let looks = 0; looks < 6; looks++) {
      await pass(40 * MINUTE_MS);
      await collect();
      await pass(5 * MINUTE_MS);
      await collect();
    }
  }
  await simulator.control("PUT", "/_sim/warehouse/floor", {});
  await simulator.control("PUT", "/_sim/faults", {});
  await pass(HOUR_MS);
  await collect();
  return told;
}

async function begin({ simulator, keeper, items, facility, now }: Month, day: number): Promise<void> {
  const item = items[day % items.length] ?? "";
  const order = anOrder({
    reference: `M-${day}`,
    facility: facility.code,
    placedAt: now(),
    item,
    units: 1 + (day % 4),
  });
  await keeper.createOrder(order);
  if (day % 5 === 0) await keeper.cancelOrder({ ...order, keeperOrderId: null });
  if (day % 4 === 0)
    await keeper.announceInbound({
      reference: `IN-${day}`,
      facility: facility.code,
      expectedAt: null,
      lines: [{ item, units: 6 }],
    });
  if (day % 3 === 0)
    await simulator.control("POST", "/_sim/warehouse/announce-return", {
      id: `R-${day}`,
      facility: facility.building,
      lines: [{ item, expected: 2 }],
    });
}
