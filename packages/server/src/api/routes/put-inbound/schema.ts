import { z } from "zod";

import { code, instant, units } from "../../schema/fields.ts";

export const inboundStatus = z.enum(["announced", "closed", "cancelled"]);

/** What is announced, whole. */
export const inboundBody = z
  .strictObject({
    location: code.meta({ description: "A location of yours; what is sent to a channel's is a transfer." }),
    expectedAt: instant
      .nullable()
      .exactOptional()
      .meta({ description: "When it should arrive; null or absent while nobody knows." }),
    status: inboundStatus.exactOptional().meta({
      description: "announced if absent. closed and cancelled release what did not come.",
    }),
    lines: z
      .array(z.strictObject({ sku: code, units }))
      .min(1)
      .max(1000)
      .meta({ description: "Units expected; those of a SKU named twice add up." }),
  })
  .meta({ id: "InboundBody" });
