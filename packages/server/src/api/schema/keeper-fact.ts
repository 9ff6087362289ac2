import { MAX_UNITS } from "@onepool/core/ledger/units.ts";
// The facts that a keeper writes to us, as a caller sends them; in the keeper's own codes.
import { z } from "zod";

import { code, instant, lineOfText, units, unitsOrNone } from "./fields.ts";

const SIGNED = `an integer from -${MAX_UNITS.toLocaleString("en-US")} to ${MAX_UNITS.toLocaleString("en-US")}`;

/** Units that came or went; 0 where none did. */
const change = z.int({ error: SIGNED }).min(-MAX_UNITS, { error: SIGNED }).max(MAX_UNITS, { error: SIGNED });

/** Lines of one fact at most: a snapshot of more is told as several. */
const LINES_MAX = 10_000;
const DOCUMENT_LINES_MAX = 1_000;

const factId = code.meta({
  description:
    "Yours, and never used for anything else: the same again is the same fact, and changes nothing.",
});
const occurredAt = instant.meta({ description: "When it happened in the warehouse." });
const updatedAt = instant.nullable().default(null).meta({
  description: "When the document last changed: orders its states. Without it, its counts only rise.",
});
const item = code.meta({
  description: "What the keeper calls a SKU; the SKU itself unless `items` says otherwise.",
});
const facility = code.meta({
  description: "What the keeper calls the place: `locations` says which of yours it is.",
});
const reference = code.nullable().default(null);

const levelLine = z.strictObject({
  item,
  facility,
  onHand: change.meta({ description: "Units there that can be picked, promised ones included." }),
  held: unitsOrNone.default(0).meta({ description: "Damaged, quarantined, on hold." }),
  allocated: unitsOrNone.exactOptional(),
  incoming: unitsOrNone.exactOptional(),
});

const snapshot = z
  .strictObject({
    kind: z.literal("snapshot"),
    factId,
    asOf: z.strictObject({ from: instant, to: instant }).refine(({ from, to }) => from <= to, {
      error: "an interval whose `from` is not after its `to`",
    }),
    scope: z.enum(["full", "items"]).meta({
      description:
        "full: every item there is; one that is missing is unknown, not 0, unless absentMeansZero.",
    }),
    absentMeansZero: z.boolean().exactOptional(),
    lines: z.array(levelLine).max(LINES_MAX),
  })
  .meta({ id: "SnapshotFact" });

const ADJUSTMENT_REASONS = [
  ...(["cycle_count", "received", "damaged", "lost", "found", "destroyed", "hold", "release_hold"] as const),
  ...(["transfer", "kitting", "expired", "recall", "return_restock", "correction", "other"] as const),
] as const;

const adjustment = z
  .strictObject({
    kind: z.literal("adjustment"),
    factId,
    occurredAt,
    item,
    facility,
    sellable: change.meta({
      description: "Into or out of what can be picked; 0 where only held units moved.",
    }),
    held: change.default(0),
    reason: z.enum(ADJUSTMENT_REASONS),
    reasonText: lineOfText.exactOptional(),
    onHandBefore: change.exactOptional().meta({ description: "A gap before this one is then seen at once." }),
    isUnlinkedPick: z.boolean().exactOptional(),
  })
  .meta({ id: "AdjustmentFact" });

const pick = z
  .strictObject({
    kind: z.literal("pick"),
    factId,
    occurredAt,
    keeperOrderId: code,
    item,
    facility,
    units: change.meta({ description: "Below 0 when they were put back." }),
  })
  .meta({ id: "PickFact" });

const shipment = z
  .strictObject({
    kind: z.literal("shipment"),
    factId,
    occurredAt,
    updatedAt,
    keeperOrderId: code,
    reference: reference.meta({
      description: "Ours, as the order was given to you; or the marketplace's order id.",
    }),
    status: z.enum(["open", "shipped", "cancelled", "short", "on_hold"]),
    lines: z
      .array(
        z.strictObject({
          lineId: code.exactOptional(),
          item,
          facility,
          ordered: unitsOrNone.exactOptional(),
          shipped: unitsOrNone.meta({ description: "Over all its shipments, not of this one." }),
          shortReason: lineOfText.exactOptional(),
        }),
      )
      .max(DOCUMENT_LINES_MAX),
    tracking: z.array(lineOfText).max(100).exactOptional(),
  })
  .meta({ id: "ShipmentFact" });

const receipt = z
  .strictObject({
    kind: z.literal("receipt"),
    factId,
    occurredAt,
    updatedAt,
    keeperInboundId: code,
    reference,
    status: z.enum(["open", "closed", "cancelled"]),
    expectedAt: instant.exactOptional(),
    lines: z
      .array(
        z.strictObject({
          item,
          facility,
          expected: unitsOrNone,
          stowed: unitsOrNone.meta({ description: "Sellable now, over all so far." }),
          damaged: unitsOrNone.default(0),
        }),
      )
      .max(DOCUMENT_LINES_MAX),
  })
  .meta({ id: "ReceiptFact" });

const dispositions = z.strictObject({
  restocked: unitsOrNone.default(0),
  quarantined: unitsOrNone.default(0),
  disposed: unitsOrNone.default(0),
  missing: unitsOrNone.default(0),
});

const returned = z
  .strictObject({
    kind: z.literal("return"),
    factId,
    occurredAt,
    updatedAt,
    keeperReturnId: code,
    reference,
    orderReference: reference.meta({ description: "Our reference of the order, or the marketplace's id." }),
    status: z.enum(["announced", "open", "closed", "cancelled"]),
    lines: z
      .array(
        z.strictObject({
          item,
          facility,
          quantity: units.meta({ description: "Announced." }),
          received: unitsOrNone.default(0),
          dispositions: dispositions.prefault({}),
        }),
      )
      .max(DOCUMENT_LINES_MAX),
  })
  .meta({ id: "ReturnFact" });

/** One of the facts that everything a keeper tells comes down to. Counts of documents are cumulative. */
export const keeperFact = z.discriminatedUnion("kind", [
  snapshot,
  adjustment,
  pick,
  shipment,
  receipt,
  returned,
]);
