import { z } from "zod";

const name = z.string().min(1).max(200);
const units = z.number().int().min(0).max(1_000_000);

/** `PUT /_sim/account`: buildings and what lies in them. Merged into what there is; units are laid on top. */
export const accountSchema = z.strictObject({
  warehouses: z
    .array(
      z.strictObject({
        /** Its name in the warehouse world. */
        facility: name,
        /** `Primary`, `Secondary`… */
        identifier: name.optional(),
        legacyId: z.number().int().positive().optional(),
      }),
    )
    .max(100)
    .default([]),
  items: z
    .array(
      z.strictObject({
        sku: name,
        name: name.optional(),
        /** By facility: laid on the shelf in addition to what is there; 0 has it kept there. */
        units: z.record(name, units).default({}),
        /** By facility: not to be sold although it is on hand. */
        reserve: z.record(name, units).default({}),
      }),
    )
    .max(100_000)
    .default([]),
});

export type AccountSetup = z.input<typeof accountSchema>;
export type ReadSetup = z.infer<typeof accountSchema>;

/** One building with forty of three things, for whoever starts the simulator without saying more. */
export const exampleAccount: AccountSetup = {
  warehouses: [{ facility: "main", identifier: "Primary" }],
  items: ["S", "M", "L"].map((size) => ({
    sku: `KB-${size}`,
    name: `Knee brace ${size}`,
    units: { main: 40 },
  })),
};
