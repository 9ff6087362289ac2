import { z } from "zod";

import { code, days, lineOfText, money, units } from "../../schema/fields.ts";

/** Master data of a SKU. PUT merges: what is absent stays, what is null goes. */
export const skuAttributes = z
  .strictObject({
    title: lineOfText.nullable().exactOptional(),
    barcodes: z.array(code).max(100).nullable().exactOptional().meta({ description: "EAN, UPC, GTIN …" }),
    unitCost: money.nullable().exactOptional().meta({ description: "What one unit costs the seller." }),
    minPrice: money.nullable().exactOptional().meta({ description: "Never priced below." }),
    maxPrice: money.nullable().exactOptional().meta({ description: "Never priced above." }),
    supplier: lineOfText.nullable().exactOptional(),
    leadTimeDays: days.nullable().exactOptional().meta({ description: "From order to receipt." }),
    packUnits: units
      .nullable()
      .exactOptional()
      .meta({ description: "The supplier sells multiples of this." }),
    minimumOrderUnits: units
      .nullable()
      .exactOptional()
      .meta({ description: "The supplier sells no less than this." }),
    policy: z
      .strictObject({
        returnsTo: z.enum(["quality_control", "sellable"]).exactOptional().meta({
          description: "Where received returns go: to be graded (default), or straight back on sale.",
        }),
      })
      .nullable()
      .exactOptional(),
  })
  .meta({ id: "SkuAttributes" });
