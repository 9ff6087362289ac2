import { z } from "zod";

import { FACT_STATES } from "../../../intake/keeper/fact-list-store.ts";
import { instantAnswer, nextCursor } from "../../schema/answers.ts";

export const factState = z.enum(FACT_STATES);

const factAnswer = z
  .strictObject({
    factId: z.string(),
    kind: z.enum(["snapshot", "adjustment", "pick", "shipment", "receipt", "return"]),
    state: factState,
    way: z.enum(["delivery", "collect", "documents", "levels", "file", "api", "order"]).meta({
      description: "How it came: posted by the keeper, read there, from a file, or through this API.",
    }),
    deliveryId: z
      .string()
      .nullable()
      .meta({ description: "The keeper's id of the delivery; the file's name." }),
    occurredAt: instantAnswer,
    receivedAt: instantAnswer,
    attempts: z.int(),
    nextAttemptAt: instantAnswer.nullable(),
    error: z.string().nullable().meta({ description: "Why it waits or was put aside." }),
    seq: z.int().nullable().meta({ description: "The first entry that it made." }),
    doneAt: instantAnswer.nullable(),
    body: z.looseObject({}).meta({
      description: "As it was told, in the keeper's codes; times in milliseconds since 1970.",
    }),
  })
  .meta({ id: "KeeperFactAnswer" });

export const factList = z.strictObject({ facts: z.array(factAnswer), nextCursor });
