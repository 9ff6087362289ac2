// What several calls answer. These schemas document; tests check that answers fit them.
import { z } from "zod";

import { LISTING_STATES } from "../view/listing-status.ts";

const units = z.int();
export const instantAnswer = z.iso.datetime();

/** The numbers of one pool. */
export const poolNumbersAnswer = {
  onHand: units.meta({ description: "available + reserved + committed + qualityControl + damaged" }),
  available: units.meta({
    description: "Available real: sellable − reserved − committed; negative when oversold.",
  }),
  reserved: units.meta({ description: "Promised, not paid." }),
  committed: units.meta({ description: "Paid, not shipped." }),
  qualityControl: units,
  damaged: units,
  incoming: units.meta({ description: "Announced to own locations; outside onHand." }),
  returning: units.meta({ description: "On its way back; outside onHand." }),
};

/** Units of one SKU that an inbound is still to bring. */
export const incomingAnswer = z.strictObject({
  location: z.string(),
  units,
  expectedAt: instantAnswer.nullable().meta({ description: "null while nobody knows." }),
  inboundId: z.string(),
});

/** What is kept from reservations. */
export const withheldAnswer = units.meta({
  description:
    "Of available: the units that no reservation and no transfer out of the pool gets, because buyers may still take them on marketplaces. 0 while there is plenty, when travelling back, and on older pages.",
});

export const locationNumbersAnswer = z
  .strictObject({
    location: z.string(),
    kind: z.enum(["warehouse", "3pl", "channel"]),
    sellable: units,
    qualityControl: units,
    damaged: units,
    incoming: units,
  })
  .meta({ id: "LocationNumbers" });

const listingShown = {
  connection: z.string(),
  externalId: z.string(),
  mode: z.enum(["import", "shadow", "live"]),
  desired: units.meta({ description: "What it should show." }),
  observed: units
    .nullable()
    .meta({ description: "What it was last known to show; null before the first reading." }),
  exposure: units.nullable().meta({
    description: "The most buyers may still take from it: writes under way and sales not seen yet included.",
  }),
  quota: units
    .nullable()
    .meta({ description: "The most it may show while its pool is scarce and dealt out; null otherwise." }),
  expectedOversold: z.number().nullable().meta({
    description:
      "While its pool is dealt out: units expected to be sold twice before every listing knows of a sale.",
  }),
  state: z.enum(LISTING_STATES).meta({
    description:
      "unmanaged: no connector pushes there. import, shadow: the connection is not live. unread: not read yet. pushing: a write is on its way. refused, failing, unseen_sale, held: why it does not show what it should. drift: it shows something else. shown: as it should be.",
  }),
  problem: z.string().nullable().meta({ description: "What the channel said, or what is waited for." }),
  confirmedAt: instantAnswer
    .nullable()
    .meta({ description: "When it was last seen to show what we had written." }),
  pushed: units.nullable().meta({ description: "The quantity of a write that is not confirmed." }),
};

export const listingShownAnswer = z.strictObject(listingShown).meta({ id: "ListingShown" });

export const allocationStep = z
  .looseObject({
    step: z.enum(["component", "scarcest", "cap", "quota", "channel_max", "open_sales"]),
    sku: z.string().optional(),
    available: units.optional(),
    deployable: units
      .optional()
      .meta({ description: "What places that serve this channel can still ship, where that is less." }),
    heldBack: units.optional(),
    unitsPerSale: units.optional(),
    sales: units.optional(),
    limit: units.optional(),
    units: units.optional(),
    quantity: units.optional(),
  })
  .meta({ id: "AllocationStep" });

export const listingExplained = z
  .strictObject({
    ...listingShown,
    title: z.string().nullable(),
    components: z.array(z.strictObject({ sku: z.string(), units })),
    policy: z.strictObject({ buffer: units, floor: units, cap: units.nullable() }),
    steps: z.array(allocationStep).meta({ description: "The reckoning of desired, in its order." }),
    observedAt: instantAnswer.nullable(),
    pushedAt: instantAnswer.nullable(),
    pushedSeq: z.int().nullable().meta({ description: "The entry the write was computed from." }),
  })
  .meta({ id: "ListingExplained" });

export const nextCursor = z
  .string()
  .nullable()
  .meta({ description: "Send it as cursor for the next page; null on the last." });

export const seqAnswer = z.int().meta({ description: "The entry the answer stands after." });
