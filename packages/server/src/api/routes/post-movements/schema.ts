import { z } from "zod";

import { code, instant, lineOfText, signedUnits, units, unitsOrNone } from "../../schema/fields.ts";

const base = {
  sku: code,
  location: code,
  externalId: code.meta({
    description: "Yours; unique per kind. The same content again gets the same answer.",
  }),
  occurredAt: instant
    .exactOptional()
    .meta({ description: "When it happened; the time of recording if absent." }),
  reason: lineOfText.exactOptional(),
};

const orderLine = z.strictObject({ channel: code, orderId: code, lineId: code });

const order = orderLine
  .exactOptional()
  .meta({ description: "The order line that comes back; without it the return is unannounced." });

const KINDS = ["receipt", "adjustment", "count", "damage", "transfer", "return", "grade"] as const;

/** One movement as callers tell it. */
export const movement = z
  .discriminatedUnion(
    "kind",
    [
      z.strictObject({
        kind: z.literal("receipt"),
        ...base,
        units,
        inboundId: code.exactOptional().meta({
          description: "What it delivers: an inbound, or the externalId of a transfer under way.",
        }),
      }),
      z.strictObject({
        kind: z.literal("adjustment"),
        ...base,
        units: signedUnits,
        bucket: z
          .enum(["sellable", "quality_control", "damaged"])
          .exactOptional()
          .meta({ description: "sellable if absent." }),
      }),
      z.strictObject({
        kind: z.literal("count"),
        ...base,
        units: unitsOrNone.meta({
          description:
            "Units physically in the bucket there as of asOf; of sellable ones, promised ones included.",
        }),
        asOf: instant,
        bucket: z
          .enum(["sellable", "damaged"])
          .exactOptional()
          .meta({ description: "What was counted; sellable if absent." }),
      }),
      z.strictObject({ kind: z.literal("damage"), ...base, units }),
      z.strictObject({
        kind: z.literal("transfer"),
        ...base,
        units,
        toLocation: code,
        inTransit: z.boolean().exactOptional().meta({
          description:
            "true: leaves now, and arrives with a receipt that names this externalId as its inboundId. To a channel's location it always is.",
        }),
        expectedAt: instant
          .exactOptional()
          .meta({ description: "When it should arrive, where it does not at once." }),
      }),
      z.strictObject({
        kind: z.literal("return"),
        ...base,
        units,
        order,
        lost: z.boolean().exactOptional().meta({
          description:
            "true: it will not come. Ends what was on its way back for the order line, which must be named; nothing arrives.",
        }),
        straightToSellable: z
          .boolean()
          .exactOptional()
          .meta({ description: "Skips quality control. Without it the SKU's policy decides." }),
      }),
      z.strictObject({
        kind: z.literal("grade"),
        ...base,
        units,
        to: z.enum(["sellable", "damaged", "lost"]),
        order,
      }),
    ],
    { error: `one of ${KINDS.join(", ")}` },
  )
  .meta({ id: "Movement" });
