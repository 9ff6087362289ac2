import type { Instant, Units } from "@onepool/core/ledger/units.ts";

import type { AdjustmentFact } from "../contract/keeper/keeper-fact.ts";
import { reasonOfWords } from "../contract/keeper/reason-of-words.ts";
import { stateFactId } from "../contract/keeper/state-fact-id.ts";
import { numberOf } from "./vendor-id.ts";
import { readTime } from "./vendor-time.ts";
import type { WireChange, WireChangeNews } from "./wire.ts";

/** A change of one bin, from the log or from a webhook. */
export interface BinChange {
  readonly facility: string;
  readonly item: string;
  readonly occurredAt: Instant;
  /** Of the whole warehouse, sellable units only. */
  readonly onHandBefore: Units | null;
  /** In the bin. */
  readonly units: Units;
  readonly bin: string;
  /** Free text. */
  readonly reason: string;
  /** `manual`, `order`, …; only webhooks have it. */
  readonly source: string;
  readonly isCounted: boolean;
}

export function fromLog(change: WireChange, timeZone: string): BinChange {
  return {
    facility: numberOf(change.warehouse_id),
    item: change.sku,
    occurredAt: readTime(change.created_at, timeZone),
    onHandBefore: change.previous_on_hand ?? null,
    units: change.change_in_on_hand,
    bin: change.location?.name ?? "",
    reason: wordsIn(change.reason),
    source: "",
    isCounted: change.cycle_counted === true,
  };
}

export function fromNews(change: WireChangeNews, timeZone: string): BinChange {
  return {
    facility: change.warehouse_id,
    item: change.sku,
    occurredAt: readTime(change.timestamp, timeZone),
    onHandBefore: change.previous_on_hand ?? null,
    units: change.quantity - (change.old_quantity ?? 0),
    bin: change.location_name ?? "",
    reason: wordsIn(change.reason),
    source: change.source ?? "",
    isCounted: false,
  };
}

/** People write reasons: line breaks and all. */
function wordsIn(reason: string | null | undefined): string {
  return (reason ?? "").replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
}

/**
 * Goods of purchase orders and returns: those documents tell the same units, cumulatively (their lists say what was received,
 * rejected and restocked). Told here too, they would count twice.
 */
export function isToldByDocument({ reason, source }: BinChange): boolean {
  if (/^(?:purchase_order|po|return|rma)$/i.test(source)) return true;
  return /purchase.?order|\bpo\b|\breturn(?:ed|s)?\b|\brma\b/i.test(reason);
}

/**
 * An order's goods on their way out, which its shipment tells again. Goods that were looked for and not found are lost, not shipped.
 */
function isShipping({ reason, source, units }: BinChange): boolean {
  if (units >= 0 || /not found|missing|short/i.test(reason)) return false;
  if (/^(?:order|shipment|fulfil+ment)$/i.test(source)) return true;
  return /\bship(?:ped|ping|ment)\b|\bfulfil|(?<!(?:work|transfer) )\border\b/i.test(reason);
}

/** Null for what changes nothing, or what a document tells. `isHeld`: the bin's units are not to be sold. */
export function toChange(change: BinChange, isHeld: boolean): AdjustmentFact | null {
  const { facility, item, occurredAt, onHandBefore, units, reason } = change;
  if (units === 0 || isToldByDocument(change)) return null;
  return {
    kind: "adjustment",
    factId: changeIdOf(change),
    occurredAt,
    item,
    facility,
    sellable: isHeld ? 0 : units,
    held: isHeld ? units : 0,
    reason: reasonOf(change, isHeld),
    ...(reason === "" ? {} : { reasonText: reason.slice(0, 200) }),
    ...(onHandBefore === null || isHeld ? {} : { onHandBefore }),
    ...(isShipping(change) && !isHeld ? { isUnlinkedPick: true } : {}),
  };
}

/**
 * Made of what webhook and log both tell: warehouse, SKU, second, bin, what lay there before, and the reason. Not of the units: those
 * of a bin that is not sellable may be told differently. Changes of one bin in one second differ by what lay there before.
 */
function changeIdOf({ facility, item, occurredAt, onHandBefore, bin, reason }: BinChange): string {
  const second = Math.floor(occurredAt / 1_000);
  return stateFactId("change", facility, { item, second, onHandBefore, bin, reason });
}

function reasonOf({ reason, units, isCounted }: BinChange, isHeld: boolean): AdjustmentFact["reason"] {
  if (isCounted) return "cycle_count";
  if (/not found|missing/i.test(reason) && units < 0) return "lost";
  const said = reasonOfWords(reason);
  if (said !== "other") return said;
  return isHeld && units > 0 ? "hold" : "other";
}
