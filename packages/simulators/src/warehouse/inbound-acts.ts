import { type ActOutcome, done, namesTwice, refused } from "./act-outcome.ts";
import { settleAllocations } from "./allocation.ts";
import type { Inbound, InboundLine } from "./documents.ts";
import type { ActName } from "./journal.ts";
import { refusalOfPlace } from "./stock-acts.ts";
import { changeStock, noteEvent, stockAt, type Warehouse } from "./warehouse.ts";

/** An act on an inbound the warehouse knows. */
export interface InboundAct {
  id: string;
  by?: string | undefined;
}

/** What is counted at the dock for one item, over and above what was counted before. */
export interface DockCount {
  item: string;
  /** Written down as received, the damaged ones included. */
  units: number;
  damaged?: number | undefined;
  /** Units that really came, where somebody miscounts. */
  really?: number | undefined;
}

type Acted = ActOutcome<{ inbound: Inbound }>;

function noteInbound(warehouse: Warehouse, inbound: Inbound, name: ActName, act: InboundAct): void {
  const document = { kind: "inbound", id: inbound.id } as const;
  const units = inbound.lines.reduce((sum, { expected }) => sum + expected, 0);
  noteEvent(warehouse, { act: name, by: act.by ?? "control", units, document, facility: inbound.facility });
}

function newLine(item: string, expected: number): InboundLine {
  return { item, expected, received: 0, damaged: 0, stowed: 0, reallyAtDock: 0 };
}

/** Somebody tells that goods are coming. */
export function announceInbound(
  warehouse: Warehouse,
  act: InboundAct & { facility: string; lines: readonly { item: string; expected: number }[] },
): Acted {
  if (warehouse.inbounds.has(act.id)) return refused("duplicate");
  if (act.lines.length === 0) return refused("empty");
  if (namesTwice(act.lines)) return refused("duplicate");
  const items = act.lines.map(({ item }) => item);
  const refusal = refusalOfPlace(warehouse, act.facility, items);
  if (refusal !== undefined) return refused(refusal);
  const lines = act.lines.map(({ item, expected }) => newLine(item, expected));
  const inbound: Inbound = { id: act.id, facility: act.facility, lines, state: "announced" };
  warehouse.inbounds.set(act.id, inbound);
  noteInbound(warehouse, inbound, "inbound_announced", act);
  return done({ inbound });
}

/** The lorry is there; nothing is counted yet. */
export function arriveInbound(warehouse: Warehouse, act: InboundAct): Acted {
  const inbound = openInbound(warehouse, act.id);
  if ("done" in inbound) return inbound;
  if (inbound.state === "arrived") return refused("duplicate");
  inbound.state = "arrived";
  noteInbound(warehouse, inbound, "inbound_arrived", act);
  return done({ inbound });
}

function openInbound(
  warehouse: Warehouse,
  id: string,
): Inbound | { done: false; reason: "unknown_inbound" | "already_closed" } {
  const inbound = warehouse.inbounds.get(id);
  if (inbound === undefined) return { done: false, reason: "unknown_inbound" };
  const open = inbound.state === "announced" || inbound.state === "arrived";
  return open ? inbound : { done: false, reason: "already_closed" };
}

function receiveLine(warehouse: Warehouse, inbound: Inbound, count: DockCount, by: string): void {
  const { item, units, damaged = 0, really = units } = count;
  let line = inbound.lines.find((known) => known.item === item);
  if (line === undefined) inbound.lines.push((line = newLine(item, 0)));
  const broken = Math.min(damaged, really);
  line.received += units;
  line.damaged += damaged;
  line.reallyAtDock += really - broken;
  changeStock(
    warehouse,
    stockAt(warehouse, inbound.facility, item),
    {
      physical: { dock: really - broken, damaged: broken },
      record: { dock: units - damaged, damaged },
      totals: { received: really, damaged: broken, miscounted: units - really },
    },
    { act: "received", by, units, document: { kind: "inbound", id: inbound.id } },
  );
}

/** Counts goods at the dock. More than expected, less, or what nobody announced is taken in as it comes. */
export function receiveInbound(
  warehouse: Warehouse,
  act: InboundAct & { lines: readonly DockCount[] },
): Acted {
  const inbound = openInbound(warehouse, act.id);
  if ("done" in inbound) return inbound;
  const items = act.lines.map(({ item }) => item);
  const refusal = refusalOfPlace(warehouse, inbound.facility, items);
  if (refusal !== undefined) return refused(refusal);
  if (act.lines.some(({ units, damaged = 0 }) => damaged > units)) return refused("not_enough");
  inbound.state = "arrived";
  for (const line of act.lines) receiveLine(warehouse, inbound, line, act.by ?? "control");
  return done({ inbound });
}

function dockUnits({ received, damaged, stowed }: InboundLine): number {
  return received - damaged - stowed;
}

function stowLine(
  warehouse: Warehouse,
  act: { inbound: Inbound; line: InboundLine; units: number; by: string },
): void {
  const { inbound, line, units, by } = act;
  const last = units === dockUnits(line);
  // With the last of them goes whatever stands there, be it more or less than was counted.
  const really = last ? line.reallyAtDock : Math.min(units, line.reallyAtDock);
  line.stowed += units;
  line.reallyAtDock -= really;
  const stock = stockAt(warehouse, inbound.facility, line.item);
  changeStock(
    warehouse,
    stock,
    { physical: { dock: -really, shelf: really }, record: { dock: -units, shelf: units } },
    { act: "stowed", by, units, document: { kind: "inbound", id: inbound.id } },
  );
  settleAllocations(warehouse, stock);
}

/** Puts counted goods on the shelf: the given units, or all that stand at the dock. Only then can they be sold. */
export function stowInbound(
  warehouse: Warehouse,
  act: InboundAct & { lines?: readonly { item: string; units: number }[] | undefined },
): Acted {
  const inbound = openInbound(warehouse, act.id);
  if ("done" in inbound) return inbound;
  // Units that nobody counted, beside none that somebody did, go along when all is stowed.
  const standing = inbound.lines.filter((line) => dockUnits(line) > 0 || line.reallyAtDock > 0);
  const steps =
    act.lines?.filter(({ units }) => units > 0) ??
    standing.map((line) => ({ item: line.item, units: dockUnits(line) }));
  if (steps.length === 0) return refused("empty");
  if (namesTwice(steps)) return refused("duplicate");
  const lineOf = (item: string): InboundLine | undefined => inbound.lines.find((line) => line.item === item);
  for (const { item, units } of steps) {
    const line = lineOf(item);
    if (line === undefined || dockUnits(line) < units) return refused("not_enough");
  }
  for (const { item, units } of steps) {
    const line = lineOf(item);
    if (line !== undefined) stowLine(warehouse, { inbound, line, units, by: act.by ?? "control" });
  }
  return done({ inbound });
}

/** Nothing more is coming; what is missing of the announcement stays missing. All that came must be stowed. */
export function closeInbound(warehouse: Warehouse, act: InboundAct): Acted {
  const inbound = openInbound(warehouse, act.id);
  if ("done" in inbound) return inbound;
  if (inbound.lines.some((line) => dockUnits(line) > 0)) return refused("not_arrived");
  inbound.state = "closed";
  noteInbound(warehouse, inbound, "inbound_closed", act);
  return done({ inbound });
}

/** Takes back an announcement nothing of which has come. */
export function cancelInbound(warehouse: Warehouse, act: InboundAct): Acted {
  const inbound = openInbound(warehouse, act.id);
  if ("done" in inbound) return inbound;
  if (inbound.state === "arrived") return refused("already_closed");
  inbound.state = "cancelled";
  noteInbound(warehouse, inbound, "inbound_cancelled", act);
  return done({ inbound });
}
