import { z } from "zod";

export const locationAnswer = z
  .strictObject({
    code: z.string(),
    kind: z.enum(["warehouse", "3pl", "channel"]),
    title: z.string(),
    serves: z
      .array(z.string())
      .nullable()
      .meta({ description: "The channels whose orders it may ship; null for every one." }),
    createdSeq: z.int(),
    updatedSeq: z.int(),
  })
  .meta({ id: "Location" });
