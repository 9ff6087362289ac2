import { z } from "zod";

const name = z.string().min(1).max(200);

/** `PUT /_sim/stock`: buildings and what lies in them. Merged into what there is; units are laid on top. */
export const stockSetupSchema = z.strictObject({
  warehouses: z
    .array(
      z.strictObject({
        facility: name,
        /** `Primary`, `Secondary`… */
        identifier: name.optional(),
        legacyId: z.number().int().positive().optional(),
      }),
    )
    .max(100)
    .optional(),
  items: z
    .array(
      z.strictObject({
        /** The SKU. */
        item: name,
        name: name.optional(),
        /** The first building when absent. */
        facility: name.optional(),
        units: z.number().int().min(0).max(1_000_000).optional(),
        /** Not to be sold although it is on hand. */
        reserve: z.number().int().min(0).max(1_000_000).optional(),
      }),
    )
    .max(100_000)
    .optional(),
});

export type StockSetup = z.infer<typeof stockSetupSchema>;

/** One building with forty of three things, for whoever starts the simulator without saying more. */
export const exampleStock: StockSetup = {
  warehouses: [{ facility: "main", identifier: "Primary" }],
  items: ["S", "M", "L"].map((size) => ({ item: `KB-${size}`, name: `Knee brace ${size}`, units: 40 })),
};
