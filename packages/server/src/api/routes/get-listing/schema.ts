import { z } from "zod";

import { listingExplained } from "../../schema/answers.ts";

export const listingAnswer = z
  .strictObject({ ...listingExplained.shape, createdSeq: z.int(), updatedSeq: z.int() })
  .meta({ id: "Listing" });
