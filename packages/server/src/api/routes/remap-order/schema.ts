import { z } from "zod";

import { code, components } from "../../schema/fields.ts";

export const remapBody = z
  .strictObject({
    lines: z
      .array(
        z.strictObject({
          lineId: code,
          components: components
            .exactOptional()
            .meta({ description: "The recipe of one listing unit; without it today's listing or SKU." }),
        }),
      )
      .min(1)
      .max(1000)
      .exactOptional()
      .meta({ description: "Every line when absent." }),
  })
  .meta({ id: "RemapBody" });
