import { z } from "zod";

import { components, lineOfText, unitsOrNone } from "../../schema/fields.ts";

export const listingBody = z
  .strictObject({
    components: components.exactOptional().meta({
      description:
        "What one listing unit takes from the pools: several units for a multipack, several SKUs for a kit.",
    }),
    buffer: unitsOrNone
      .nullable()
      .exactOptional()
      .meta({ description: "Units held back from this listing." }),
    floor: unitsOrNone.nullable().exactOptional().meta({ description: "Shows 0 at or below so many units." }),
    cap: unitsOrNone
      .nullable()
      .exactOptional()
      .meta({ description: "The most it ever shows; null: no cap." }),
    title: lineOfText.nullable().exactOptional(),
  })
  .meta({ id: "ListingBody" });
