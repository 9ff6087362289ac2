import type { Units } from "@onepool/core/ledger/units.ts";

import type { AdjustmentFact, AdjustmentReason, PickFact } from "../contract/keeper/keeper-fact.ts";
import { reasonOfWords } from "../contract/keeper/reason-of-words.ts";
import type { WireEvent, WireSide } from "./wire.ts";

/**
 * Events that a document tells as well, cumulatively: receiving orders say what was stowed, returns what was restocked. Told here
 * too, the same units would count twice.
 */
const TOLD_BY_DOCUMENTS = new Set(["InventoryReceived", "ReceivingStow"]);

/** Of a return: told by it. Of an order: picked units that did not leave and went back to the shelf (assumed). */
const RESTOCKED = "InventoryRestocked";

/** What one event of a facility's log says; null where it changes nothing, or a document tells of it. */
export function toMovement(
  event: WireEvent,
  facility: string,
  item: string,
): PickFact | AdjustmentFact | null {
  const { event_category: category, inventory_audit_event_id: eventId } = event;
  if (TOLD_BY_DOCUMENTS.has(category) || (category === RESTOCKED && !isPutBack(event))) return null;
  // Both facilities of a transfer list it: each tells its own side.
  const factId = `history:${facility}:${eventId}`;
  const base = { factId, occurredAt: event.event_datetime, item, facility };
  const sides = sidesAt(event, facility);
  if (category === "OrderPicked" || category === RESTOCKED) return pickOf(base, event, sides);
  const sellable = sum(sides.filter(({ isHeld }) => !isHeld));
  const held = sum(sides.filter(({ isHeld }) => isHeld));
  if (sellable === 0 && held === 0) return null;
  const words = wordsOf(event);
  return {
    ...base,
    kind: "adjustment",
    sellable,
    held,
    reason: reasonOf(category, { sellable, held }, `${words} ${statusesOf(event)}`),
    reasonText: [category, words].filter(Boolean).join(": ").slice(0, 200),
  };
}

function isPutBack({ shipbob_order_id: orderId, additional_reference: references }: WireEvent): boolean {
  const isOfReturn = (references ?? []).some(({ key }) => /return|rma/i.test(key ?? ""));
  return orderId !== null && orderId !== undefined && !isOfReturn;
}

interface Side {
  readonly units: Units;
  readonly isHeld: boolean;
}

/** Units in these states are beside `on_hand`, and not to be sold. Statuses are free text; these words are assumed. */
const HELD = /damag|quarantin|hold|exception|expired|investigat|unsellable|non.?sellable|defect/i;

/** Lost units lie nowhere. */
const GONE = /\blost\b|missing/i;

function sidesAt({ decrement, increment }: WireEvent, facility: string): Side[] {
  return [sideOf(decrement, -1), sideOf(increment, 1)].flatMap((side) =>
    side !== null && side.facility === facility && !side.isGone ? [side] : [],
  );

  function sideOf(side: WireSide | null | undefined, sign: -1 | 1) {
    if (side === null || side === undefined) return null;
    const status = side.inventory_status ?? "";
    return {
      facility: side.facility_id ?? facility,
      // Documented as signed; the side it stands on decides.
      units: sign * Math.abs(side.quantity_change),
      isHeld: HELD.test(status),
      isGone: GONE.test(status),
    };
  }
}

function sum(sides: readonly Side[]): Units {
  return sides.reduce((total, { units }) => total + units, 0);
}

function pickOf(
  base: Pick<PickFact, "factId" | "occurredAt" | "item" | "facility">,
  { shipbob_order_id: keeperOrderId }: WireEvent,
  sides: readonly Side[],
): PickFact | AdjustmentFact | null {
  const out = sum(sides.filter(({ units }) => units < 0));
  // Where a pick has both sides, the other is where the picked units went (assumed); one that only comes in was put back.
  const change = out === 0 ? sum(sides) : out;
  if (change === 0) return null;
  if (keeperOrderId !== null && keeperOrderId !== undefined)
    return { ...base, kind: "pick", keeperOrderId, units: -change };
  return {
    ...base,
    kind: "adjustment",
    sellable: change,
    held: 0,
    reason: "other",
    reasonText: "OrderPicked",
    isUnlinkedPick: true,
  };
}

const BY_CATEGORY: ReadonlyMap<string, AdjustmentReason> = new Map([
  ["InventoryFacilityUpdated", "transfer"],
  ["KittingStow", "kitting"],
]);

/** The log has no reasons: what moved and the words beside it decide. */
function reasonOf(
  category: string,
  { sellable, held }: { readonly sellable: Units; readonly held: Units },
  words: string,
): AdjustmentReason {
  const known = BY_CATEGORY.get(category);
  if (known !== undefined) return known;
  const said = reasonOfWords(words);
  if (sellable > 0 && held < 0) return "release_hold";
  if (sellable < 0 && held > 0) return said === "damaged" || said === "expired" ? said : "hold";
  return said === "other" ? "correction" : said;
}

function wordsOf({ additional_reference: references }: WireEvent): string {
  return (references ?? []).map(({ key, value }) => [key, value].filter(Boolean).join(" ")).join(", ");
}

function statusesOf({ decrement, increment }: WireEvent): string {
  return [decrement, increment].map((side) => side?.inventory_status ?? "").join(" ");
}
