import { z } from "zod";

import { instantAnswer } from "../../schema/answers.ts";

const count = z.int();

export const keeperStanding = z
  .strictObject({
    connection: z.string(),
    kind: z.string(),
    title: z.string(),
    mode: z.enum(["import", "shadow", "live"]).meta({ description: "Only a live keeper's word is booked." }),
    locations: z.array(z.string()).meta({ description: "Locations of yours where it keeps goods." }),
    levels: z.strictObject({ verified: count, suspect: count, open: count, booked: count }).meta({
      description:
        "Levels (a SKU at a location) by how they stand. verified: both sides say the same. suspect: they differ, once so far. open: they differ and wait for you. booked: what the keeper said was taken.",
    }),
    openUnits: count.meta({ description: "Units by which open levels differ, without their signs." }),
    verifiedAsOf: instantAnswer
      .nullable()
      .meta({ description: "Every level agreed then or later; null while one never did." }),
    toldAsOf: instantAnswer.nullable().meta({ description: "The time of the newest level." }),
    facts: z.strictObject({ due: count, waiting: count, poison: count }),
    heard: z
      .array(z.strictObject({ way: z.string(), at: instantAnswer }))
      .meta({ description: "When it was last heard by each way, of its latest 500 facts." }),
    heldSnapshot: z
      .strictObject({
        since: instantAnswer,
        why: z.string(),
        strikes: count.meta({ description: "Snapshots in a row that said so: two are needed." }),
        acceptedAt: instantAnswer.nullable(),
      })
      .nullable()
      .meta({ description: "Snapshots that look cut off or emptied, held until you accept them." }),
  })
  .meta({ id: "KeeperStanding" });
