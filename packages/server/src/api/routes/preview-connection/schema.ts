import { z } from "zod";

import { allocationStep, instantAnswer, nextCursor } from "../../schema/answers.ts";
import { LISTING_EFFECTS } from "../../view/listing-change.ts";

const units = z.int();

const previewed = z
  .strictObject({
    externalId: z.string(),
    title: z.string().nullable(),
    components: z.array(z.strictObject({ sku: z.string(), units })),
    observed: units.nullable().meta({ description: "What it shows; null: not read yet." }),
    observedAt: instantAnswer.nullable(),
    desired: units.meta({ description: "What it would be set to." }),
    change: units.nullable().meta({ description: "desired − observed." }),
    effect: z.enum(LISTING_EFFECTS).meta({
      description:
        "same: nothing changes. rises, falls, to_zero: its number changes. unread: nobody knows what it shows; in shadow mode it is read. refused: the channel takes no quantity there.",
    }),
    reason: z.string().nullable().meta({ description: "What the channel says, where it refuses." }),
    steps: z.array(allocationStep).meta({ description: "The reckoning of desired, in its order." }),
  })
  .meta({ id: "PreviewedListing" });

const count = units.meta({ description: "Listings." });

const totals = z
  .strictObject({
    listings: units,
    same: count,
    rises: count,
    falls: count.meta({ description: "Listings that fall to another number than 0." }),
    toZero: count,
    unread: count,
    refused: count,
    unitsMore: units.meta({ description: "Units that would be shown more in all." }),
    unitsFewer: units,
    refusals: z.array(z.strictObject({ reason: z.string(), listings: units })).meta({
      description:
        "Why listings cannot be written, the most frequent first; at most 20 reasons, without the listings' ids.",
    }),
    stopsPerHour: units.meta({
      description:
        "Of the listings that a change would bring to 0, the brake lets so many out within an hour.",
    }),
  })
  .meta({ id: "PreviewTotals" });

export const preview = z.strictObject({
  connection: z.string(),
  mode: z.enum(["import", "shadow", "live"]),
  listings: z.array(previewed).meta({ description: "A page, by external id." }),
  nextCursor,
  totals: totals.nullable().meta({ description: "Over all listings; on the first page only." }),
  previewedSeq: z.int().meta({
    description:
      'The entry this was reckoned at. Send it along with "mode": "live", so that it is recorded what was seen.',
  }),
});
