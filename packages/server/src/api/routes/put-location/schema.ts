import { z } from "zod";

import { code, lineOfText } from "../../schema/fields.ts";

const locationKind = z.enum(["warehouse", "3pl", "channel"]).meta({
  description: "channel: FBA, Full …: counted from the channel's word, never part of a pool.",
});

/** Channels that one place names at the most. */
const SERVES_MAX = 200;

export const locationBody = z
  .strictObject({
    kind: locationKind.exactOptional().meta({ description: "warehouse when a new location does not say." }),
    title: lineOfText.exactOptional(),
    serves: z.array(code).max(SERVES_MAX).nullable().exactOptional().meta({
      description:
        "The connections whose orders it may ship. Their listings show at most what lies at places that serve them and is not promised to orders that only those places can keep. null, as at first: every one.",
    }),
  })
  .meta({ id: "LocationBody" });
