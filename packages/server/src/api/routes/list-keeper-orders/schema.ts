import { z } from "zod";

import { instantAnswer } from "../../schema/answers.ts";

export const keeperOrderState = z
  .enum(["wanted", "sent", "cancelling", "cancelled", "too_late", "refused"])
  .meta({
    description:
      "wanted: to be told. sent: the keeper has it. cancelling: to be taken back. cancelled: it ships nothing of it. too_late: cancelled, and it left all the same. refused: the keeper will not ship it as it is; mend the cause and retry.",
  });

export const keeperOrderAnswer = z
  .strictObject({
    reference: z.string().meta({ description: "Ours: the keeper knows the order by it." }),
    connection: z.string(),
    channel: z.string(),
    orderId: z.string(),
    facility: z.string(),
    state: keeperOrderState,
    lines: z.array(z.strictObject({ lineId: z.string(), sku: z.string(), units: z.int() })),
    keeperOrderId: z.string().nullable(),
    error: z.string().nullable(),
    createdAt: instantAnswer,
    sentAt: instantAnswer.nullable(),
    endedAt: instantAnswer.nullable(),
    nextAttemptAt: instantAnswer.nullable(),
  })
  .meta({ id: "KeeperOrder" });

export const keeperOrderList = z
  .strictObject({ keeperOrders: z.array(keeperOrderAnswer), nextCursor: z.string().nullable() })
  .meta({ id: "KeeperOrderList" });
