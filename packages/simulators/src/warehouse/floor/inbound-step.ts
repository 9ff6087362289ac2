import type { Inbound } from "../documents.ts";
import { arriveInbound, closeInbound, type DockCount, receiveInbound, stowInbound } from "../inbound-acts.ts";
import type { Warehouse } from "../warehouse.ts";
import type { FloorSettings } from "./floor-settings.ts";
import type { FloorStep } from "./floor.ts";

const by = "floor";

/** What comes of one line: all that is announced, give or take a unit. */
function comingUnits(warehouse: Warehouse, settings: FloorSettings, key: string, expected: number): number {
  const { random } = warehouse;
  const more = random.chance(`${key}|over`, settings.overReceipt) ? 1 : 0;
  const less = random.chance(`${key}|short`, settings.shortReceipt) ? 1 : 0;
  return Math.max(0, expected + more - less);
}

/** What is counted at the dock now. The draws of a line are its own, whichever step it is. */
function dockCounts(warehouse: Warehouse, settings: FloorSettings, inbound: Inbound): DockCount[] {
  const { random } = warehouse;
  return inbound.lines.flatMap(({ item, expected, received }) => {
    const key = `floor|inbound|${inbound.id}|${item}`;
    const coming = comingUnits(warehouse, settings, key, expected);
    const isSplit = received === 0 && coming > 1 && random.chance(`${key}|split`, settings.splitReceipt);
    const units = isSplit ? Math.ceil(coming / 2) : coming - received;
    if (units <= 0) return [];
    const damaged = received === 0 && random.chance(`${key}|damaged`, settings.damagedReceipt) ? 1 : 0;
    const miscounted =
      received === 0 && random.chance(`${key}|miscounted`, settings.miscountedReceipt) ? 1 : 0;
    return [{ item, units, damaged, really: units - miscounted }];
  });
}

/** What somebody does next with a delivery. */
export function inboundStep(
  warehouse: Warehouse,
  settings: FloorSettings,
  id: string,
): FloorStep | undefined {
  const inbound = warehouse.inbounds.get(id);
  if (inbound === undefined || inbound.state === "closed" || inbound.state === "cancelled") return undefined;
  if (inbound.state === "announced") {
    const after = settings.inboundArrivesAfterMs;
    return { name: "arrive", after, nth: 0, run: () => arriveInbound(warehouse, { id, by }) };
  }
  const nth = inbound.lines.reduce((sum, { received }) => sum + received, 0);
  if (inbound.lines.some(({ received, damaged, stowed }) => received > damaged + stowed)) {
    return { name: "stow", after: settings.stowAfterMs, nth, run: () => stowInbound(warehouse, { id, by }) };
  }
  const counts = dockCounts(warehouse, settings, inbound);
  if (counts.length === 0) {
    return {
      name: "close",
      after: settings.stowAfterMs,
      nth,
      run: () => closeInbound(warehouse, { id, by }),
    };
  }
  return {
    name: "receive",
    after: settings.receiveAfterMs,
    nth,
    run: () => receiveInbound(warehouse, { id, by, lines: counts }),
  };
}
