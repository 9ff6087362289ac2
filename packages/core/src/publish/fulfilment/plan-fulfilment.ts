import type { OrderRecord } from "../../ledger/order-record.ts";
import type { Units } from "../../ledger/units.ts";
import { type LineNeed, type LineUnits, needsOf } from "./order-need.ts";

/** An order that a keeper was asked, or is about to be asked, to ship. */
export interface GivenOrder {
  readonly reference: string;
  /**
   * `wanted`: not told yet. `sent`: the keeper has it. `cancelling`: it is being asked to leave it. `cancelled`: it ships nothing of
   * it. `too_late`: it would not leave it any more. `refused`: it will not take it as it is.
   */
  readonly state: "wanted" | "sent" | "cancelling" | "cancelled" | "too_late" | "refused";
  readonly lines: readonly LineUnits[];
  /** Of them, what has left by the keeper's word. */
  readonly left: readonly LineUnits[];
}

/** Why nothing is given to a keeper yet. */
export type Waiting = "unpaid" | "unmapped" | "do_not_ship" | "cancel_requested";

/** What is to be done about an order. */
export interface FulfilmentPlan {
  /** To be given to a keeper; empty for nothing. */
  readonly give: readonly LineUnits[];
  /** References to be taken back. */
  readonly takeBack: readonly string[];
  /** Null when nothing is waited for. */
  readonly waiting: Waiting | null;
}

/**
 * Level-triggered: what keepers were given for an order is compared with what it wants now. Less is given than is promised
 * beyond what keepers have in hand; what is cancelled is taken back whole, and what is left of it given anew once the keeper
 * has let go: until then it may still leave.
 */
export function planFulfilment(order: OrderRecord, given: readonly GivenOrder[]): FulfilmentPlan {
  const needs = needsOf(order);
  const takeBack = excessOf(needs, given);
  if (takeBack.length > 0 || given.some(({ state }) => state === "cancelling"))
    return { give: [], takeBack, waiting: null };
  const missing = needs.flatMap((need) => missingOf(need, given));
  const waiting = missing.length > 0 || needs.length === 0 ? waitingOf(order) : null;
  return { give: waiting === null ? missing : [], takeBack: [], waiting };
}

function waitingOf(order: OrderRecord): Waiting | null {
  if (order.status === "pending") return "unpaid";
  if (order.doNotShip) return "do_not_ship";
  if (order.cancelRequested) return "cancel_requested";
  return order.lines.some(({ recipe }) => recipe === null) ? "unmapped" : null;
}

/** Units promised that no keeper has in hand. */
function missingOf({ lineId, sku, committed }: LineNeed, given: readonly GivenOrder[]): LineUnits[] {
  const inHand = inHandOf(given, HOLDS_UNITS, { lineId, sku });
  // Refused ones are not given again by themselves: somebody has to mend what the keeper did not like.
  const units = committed - inHand - inHandOf(given, ["refused"], { lineId, sku });
  return units > 0 ? [{ lineId, sku, units }] : [];
}

/** States in which the keeper ships, or may ship, what it was given. */
const HOLDS_UNITS: readonly GivenOrder["state"][] = ["wanted", "sent", "cancelling", "too_late"];

/** References that ask for more than the buyer still wants: the newest first, until the rest is not too much. */
function excessOf(needs: readonly LineNeed[], given: readonly GivenOrder[]): string[] {
  const excess = excessUnits(needs, given);
  const references: string[] = [];
  for (const one of given.toReversed()) {
    const lines = outstandingOf(one);
    const canBeTakenBack = one.state === "sent" || one.state === "wanted";
    if (!canBeTakenBack || !lines.some((line) => (excess.get(keyOf(line)) ?? 0) > 0)) continue;
    references.push(one.reference);
    addTo(excess, lines, -1);
  }
  return references;
}

/** Units per line and SKU that keepers still have in hand beyond what is wanted besides what has left. */
function excessUnits(needs: readonly LineNeed[], given: readonly GivenOrder[]): Map<string, Units> {
  const excess = new Map<string, Units>();
  for (const one of given) if (HOLDS_UNITS.includes(one.state)) addTo(excess, outstandingOf(one), 1);
  const wanted = needs.map(({ wanted: all, left, ...line }) => ({ ...line, units: Math.max(0, all - left) }));
  addTo(excess, wanted, -1);
  return excess;
}

/** What a keeper was given and has not shipped. */
function outstandingOf({ lines, left }: GivenOrder): LineUnits[] {
  return lines.flatMap((line) => {
    const units = line.units - sumOf(left, line);
    return units > 0 ? [{ ...line, units }] : [];
  });
}

function addTo(sums: Map<string, Units>, lines: readonly LineUnits[], sign: 1 | -1): void {
  for (const line of lines) sums.set(keyOf(line), (sums.get(keyOf(line)) ?? 0) + sign * line.units);
}

function keyOf({ lineId, sku }: Omit<LineUnits, "units">): string {
  return `${lineId}\u001f${sku}`;
}

/** What keepers have in hand of a line in these states. */
function inHandOf(
  given: readonly GivenOrder[],
  states: readonly GivenOrder["state"][],
  line: Omit<LineUnits, "units">,
): Units {
  return given.reduce(
    (sum, one) => (states.includes(one.state) ? sum + sumOf(outstandingOf(one), line) : sum),
    0,
  );
}

function sumOf(lines: readonly LineUnits[], { lineId, sku }: Omit<LineUnits, "units">): Units {
  return lines.reduce((sum, one) => (one.lineId === lineId && one.sku === sku ? sum + one.units : sum), 0);
}
