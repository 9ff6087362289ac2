import { z } from "zod";

import { instantAnswer } from "../../schema/answers.ts";
import { orderStatus } from "../post-orders/schema.ts";

const units = z.int();

const held = {
  reserved: units,
  committed: units,
  shipped: z.record(z.string(), units).meta({ description: "Units that left, by location." }),
  returning: units,
};

const lineAnswer = z
  .strictObject({
    lineId: z.string(),
    sku: z.string().nullable(),
    listing: z.string().nullable(),
    quantity: units,
    cancelled: units,
    shipped: units,
    returning: units,
    fulfilledBy: z.enum(["seller", "channel"]),
    mapped: z.boolean().meta({ description: "false: nobody mapped it; nothing is posted for it yet." }),
    components: z
      .array(z.strictObject({ sku: z.string(), units }))
      .meta({ description: "The recipe frozen into the claim." }),
    received: z.record(z.string(), units).meta({ description: "Units received back, by SKU." }),
    lost: z
      .record(z.string(), units)
      .meta({ description: "Units given up that were on their way back, by SKU." }),
    left: z
      .array(z.strictObject({ sku: z.string(), location: z.string(), units }))
      .meta({ description: "What left as a keeper counts it: units of each SKU of the line, by location." }),
    claim: z
      .strictObject({
        ...held,
        parts: z
          .array(z.strictObject({ sku: z.string(), ...held }))
          .optional()
          .meta({
            description:
              "Only where what a keeper counted makes no whole listing units: what each SKU holds, in units of the SKU, instead.",
          }),
      })
      .meta({ description: "What stands in the ledger for this line, in listing units." }),
  })
  .meta({ id: "OrderLine" });

export const orderAnswer = z
  .strictObject({
    channel: z.string(),
    orderId: z.string(),
    status: orderStatus,
    placedAt: instantAnswer.nullable(),
    updatedAt: instantAnswer.nullable(),
    doNotShip: z.boolean(),
    cancelRequested: z
      .boolean()
      .meta({ description: "The buyer asked to cancel. The units stay promised until it is cancelled." }),
    reservationId: z.string().nullable(),
    lines: z.array(lineAnswer),
    firstSeq: z.int(),
    lastSeq: z.int(),
    firstRecordedAt: instantAnswer,
    lastRecordedAt: instantAnswer,
  })
  .meta({ id: "OrderState" });
