import { z } from "zod";

import { instantAnswer } from "../../schema/answers.ts";

export const connectionAnswer = z
  .strictObject({
    code: z.string(),
    kind: z.string(),
    mode: z.enum(["import", "shadow", "live"]),
    since: instantAnswer.nullable(),
    title: z.string().nullable(),
    baseUrl: z.string().nullable(),
    tokenUrl: z.string().nullable(),
    accountId: z.string().nullable(),
    hasCredentials: z.boolean().meta({ description: "They are never shown again." }),
    hookUrl: z.string().nullable().meta({
      description:
        "Where the channel sends its notifications. Whoever knows it can send some: shown to admin keys only.",
    }),
    createdSeq: z.int(),
    updatedSeq: z.int(),
  })
  .meta({ id: "Connection" });
