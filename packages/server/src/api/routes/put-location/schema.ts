import { z } from "zod";

import { lineOfText } from "../../schema/fields.ts";

const locationKind = z.enum(["warehouse", "3pl", "channel"]).meta({
  description: "channel: FBA, Full …: counted from the channel's word, never part of a pool.",
});

export const locationBody = z
  .strictObject({
    kind: locationKind.exactOptional().meta({ description: "warehouse when a new location does not say." }),
    title: lineOfText.exactOptional(),
  })
  .meta({ id: "LocationBody" });
