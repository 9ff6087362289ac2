import { contentHash } from "@onepool/core/ledger/content-hash.ts";

import type { AdjustmentFact, AdjustmentReason } from "../../contract/keeper/keeper-fact.ts";
import type { X12Reader } from "./x12-reader.ts";

/** Element 181, of W19. */
const REASONS: Readonly<Record<string, AdjustmentReason>> = {
  AA: "cycle_count",
  AB: "correction",
  AU: "damaged",
  AV: "damaged",
  "05": "hold",
  "55": "release_hold",
  "88": "release_hold",
  "07": "destroyed",
  CD: "destroyed",
  "04": "received",
  AY: "received",
  "53": "correction",
  AR: "correction",
  "56": "correction",
  AW: "recall",
  AX: "expired",
  AK: "transfer",
  "51": "found",
  "52": "kitting",
};

/** 947: an adjustment for each W19. A quantity has its own sign; what is put on hold or taken off it moves between the two. */
export function toCorrections(reader: X12Reader): readonly AdjustmentFact[] {
  const head = reader.required("W15");
  const [, date = ""] = head.elements;
  const document = reader.code(head, 2);
  const facility = reader.facility();
  const occurredAt = reader.occurredAt(head, date);
  const details = reader.transaction.segments.filter(({ elements }) => elements[0] === "W19");
  if (details.length === 0) reader.problem(reader.transaction.opening, "no adjustment (W19) is in it.");
  return details.map((segment, index) => {
    const units = reader.units(segment, { quantity: 2, measure: 3 });
    const reasonText = reader.code(segment, 1);
    const reason = reasonOf(reasonText, reader.profile.reasons);
    const item = reader.item(segment, [5, 7, 17]);
    const moved = conditionsOf(reason, units);
    // Of the document, not of its envelopes: one that is sent again is the same. Its date and content stand in it as some
    // warehouses use a number twice.
    const what = { document, date, line: index, item, facility, reasonText, ...moved };
    const factId = `947:${contentHash(what)}`;
    return { kind: "adjustment", factId, occurredAt, item, facility, ...moved, reason, reasonText };
  });
}

function reasonOf(code: string, told: Readonly<Record<string, AdjustmentReason>>): AdjustmentReason {
  if (Object.hasOwn(told, code)) return told[code] ?? "other";
  return Object.hasOwn(REASONS, code) ? (REASONS[code] ?? "other") : "other";
}

function conditionsOf(reason: AdjustmentReason, units: number): { sellable: number; held: number } {
  const moved = Math.abs(units);
  if (reason === "hold") return { sellable: 0 - moved, held: moved };
  if (reason === "release_hold") return { sellable: moved, held: 0 - moved };
  return { sellable: units, held: 0 };
}
