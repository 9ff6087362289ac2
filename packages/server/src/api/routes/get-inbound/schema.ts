import { z } from "zod";

import { instantAnswer } from "../../schema/answers.ts";
import { inboundStatus } from "../put-inbound/schema.ts";

const units = z.int();

export const inboundAnswer = z
  .strictObject({
    inboundId: z.string(),
    location: z.string(),
    from: z.string().nullable().meta({
      description: "The location that it left: a transfer under way. null for goods from outside.",
    }),
    expectedAt: instantAnswer.nullable(),
    status: inboundStatus,
    lines: z.array(
      z.strictObject({
        sku: z.string(),
        expected: units,
        received: units.meta({ description: "By receipts that name it; may be more than expected." }),
        incoming: units.meta({ description: "Still to come." }),
      }),
    ),
    createdSeq: z.int(),
    updatedSeq: z.int(),
  })
  .meta({ id: "Inbound" });
