import { z } from "zod";

import { instantAnswer, nextCursor } from "../../schema/answers.ts";

const units = z.int();

const giveUp = z
  .strictObject({
    action: z.literal("give_up"),
    order: z.strictObject({ channel: z.string(), orderId: z.string() }).nullable(),
    reservationId: z.string().nullable(),
    units: units.meta({ description: "What it has promised of the SKU." }),
  })
  .meta({
    description: "oversold: the youngest promise of the SKU that still stands; an order, or a hold.",
  });

export const alertAnswer = z
  .strictObject({
    id: z.string(),
    kind: z.string(),
    severity: z.enum(["info", "warning", "critical"]),
    sku: z.string().nullable(),
    connection: z.string().nullable().meta({ description: "The channel that it is about." }),
    order: z
      .strictObject({ channel: z.string(), orderId: z.string(), lineId: z.string().nullable() })
      .nullable()
      .meta({ description: "The order that caused it." }),
    units,
    message: z.string(),
    proposal: giveUp.nullable(),
    openedAt: instantAnswer,
    openedSeq: z.int(),
    resolvedAt: instantAnswer.nullable(),
    resolvedSeq: z.int().nullable(),
  })
  .meta({ id: "Alert" });

export const alertList = z.strictObject({ alerts: z.array(alertAnswer), nextCursor });
