import { z } from "zod";

import {
  instantAnswer,
  listingExplained,
  nextCursor,
  poolNumbersAnswer,
  seqAnswer,
  withheldAnswer,
} from "../../schema/answers.ts";

const units = z.int();

const leg = z.strictObject({
  bucket: z.enum([
    "sellable",
    "quality_control",
    "damaged",
    "incoming",
    "reserved",
    "committed",
    "returning",
  ]),
  location: z.string().nullable().meta({ description: "Null for promises and what is on its way back." }),
  units: units.meta({ description: "Signed." }),
  before: units,
  after: units,
  counterpart: z.string().meta({ description: "Where the units came from or went to." }),
  lineId: z.string().nullable(),
  reason: z.string().nullable(),
});

const change = z.strictObject({ before: units, after: units });

export const chainEntry = z
  .strictObject({
    seq: z.int(),
    kind: z.string().meta({ description: "What was recorded: order, receipt, count, reservation …" }),
    recordedAt: instantAnswer.meta({ description: "When we knew." }),
    occurredAt: instantAnswer.meta({ description: "When it happened." }),
    channel: z.string().nullable(),
    orderId: z.string().nullable(),
    status: z.string().nullable().meta({ description: "The order's status as it was said." }),
    source: z.string().nullable().meta({ description: "Who said it: channel, keeper or api." }),
    reservationId: z.string().nullable(),
    externalId: z.string().nullable(),
    reason: z.string().nullable(),
    available: change,
    onHand: change,
    legs: z.array(leg),
  })
  .meta({ id: "ChainEntry" });

/** So little is left that each listing has its share. */
const endGame = z
  .strictObject({
    since: instantAnswer,
    threshold: units.meta({
      description:
        "So many could sell elsewhere before every listing shows it: from here on units are dealt out.",
    }),
    latencyMs: z.int().meta({ description: "How long news of a sale take until every listing shows it." }),
    exposure: units.nullable().meta({
      description:
        "The most buyers may still take through all listings together; null while that is not known of one of them.",
    }),
  })
  .meta({ id: "EndGame" });

export const explanation = z
  .strictObject({
    sku: z.string(),
    title: z.string().nullable(),
    ...poolNumbersAnswer,
    withheld: withheldAnswer,
    endGame: endGame.nullable().meta({
      description: "Why units are dealt out and withheld; null while there is plenty, and on older pages.",
    }),
    listings: z.array(listingExplained),
    entries: z.array(chainEntry).meta({ description: "Newest first." }),
    nextCursor,
    seq: seqAnswer,
    asOf: instantAnswer,
  })
  .meta({ id: "Explanation" });
