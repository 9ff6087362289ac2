import { z } from "zod";

import {
  incomingAnswer,
  instantAnswer,
  listingShownAnswer,
  locationNumbersAnswer,
  poolNumbersAnswer,
  seqAnswer,
  withheldAnswer,
} from "../../schema/answers.ts";

export const availability = z
  .strictObject({
    sku: z.string(),
    ...poolNumbersAnswer,
    incomingAt: z.array(incomingAnswer).meta({
      description:
        "What inbounds are still to bring, soonest first, as known now; empty when travelling back.",
    }),
    withheld: withheldAnswer,
    locations: z.array(locationNumbersAnswer),
    listings: z
      .array(listingShownAnswer)
      .meta({ description: "As they are now; empty when travelling back." }),
    seq: seqAnswer,
    asOf: instantAnswer.meta({ description: "The moment the numbers hold for." }),
  })
  .meta({ id: "Availability" });
