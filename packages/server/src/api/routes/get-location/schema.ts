import { z } from "zod";

export const locationAnswer = z
  .strictObject({
    code: z.string(),
    kind: z.enum(["warehouse", "3pl", "channel"]),
    title: z.string(),
    createdSeq: z.int(),
    updatedSeq: z.int(),
  })
  .meta({ id: "Location" });
