// Parameters of a query: always strings, each given once.
import type { Instant } from "@onepool/core/ledger/units.ts";
import { z } from "zod";

import { instant } from "./fields.ts";

const FLAG_TEXT = "true or false, given once";

export const flag = z
  .enum(["true", "false"], { error: FLAG_TEXT })
  .transform((text) => text === "true")
  .default(false);

/** A moment of the ledger: after an entry, or at a time. */
export type Moment =
  | { readonly by: "sequence"; readonly seq: number }
  | { readonly by: "instant"; readonly instant: Instant };

const MOMENT_TEXT = "the number of an entry, or an instant as ISO 8601 with seconds and offset, given once";

export const moment = z
  .string({ error: MOMENT_TEXT })
  .transform((text, context): Moment => {
    if (/^\d{1,15}$/.test(text)) return { by: "sequence", seq: Number(text) };
    // A plus that was not percent-encoded arrives as a space.
    const read = instant.safeParse(text.replace(" ", "+"));
    if (read.success) return { by: "instant", instant: read.data };
    context.issues.push({ code: "custom", input: text, message: MOMENT_TEXT });
    return z.NEVER;
  })
  .meta({ description: "Travels back: the number of an entry, or an instant." });
