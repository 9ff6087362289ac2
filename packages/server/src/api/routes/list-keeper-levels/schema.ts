import { z } from "zod";

import { instantAnswer } from "../../schema/answers.ts";

const units = z.int();

export const levelState = z.enum(["verified", "suspect", "open", "booked"]);

const LIKELY_CAUSES = [
  "shipment_not_told",
  "not_left_yet",
  "receipt_not_told",
  "return_not_told",
  "damage_not_told",
  "unlinked_pick",
  "never_explained",
] as const;

export const keeperLevel = z
  .strictObject({
    location: z.string(),
    sku: z.string(),
    item: z.string().meta({ description: "As the keeper calls it." }),
    sellable: units.meta({ description: "Told: can be picked. Promised units are among them." }),
    held: units.meta({ description: "Told: damaged or on hold." }),
    allocated: units
      .nullable()
      .meta({ description: "Told: promised to orders the keeper knows. A check, never a source." }),
    asOf: z.strictObject({ from: instantAnswer, to: instantAnswer }),
    expected: units.meta({ description: "What the ledger had sellable as of that time." }),
    expectedHeld: units,
    drift: units.meta({ description: "Told less expected." }),
    driftHeld: units,
    state: levelState,
    strikes: units.meta({ description: "Snapshots in a row with this drift." }),
    firstDriftAt: instantAnswer.nullable(),
    likelyCause: z.enum(LIKELY_CAUSES).nullable().meta({
      description:
        "shipment_not_told: it left and the shipment is not told yet. not_left_yet: a channel says it left, the keeper does not. unlinked_pick: picked for an order that is not told. receipt_not_told, return_not_told, damage_not_told: as it says.",
    }),
    verifiedAsOf: instantAnswer.nullable().meta({ description: "The last time both sides agreed on." }),
    recountWantedAt: instantAnswer.nullable(),
    acceptedAt: instantAnswer.nullable(),
    bookedAt: instantAnswer.nullable().meta({ description: "As of when a drift was last booked." }),
    bookedUnits: units.nullable(),
  })
  .meta({ id: "KeeperLevel" });
