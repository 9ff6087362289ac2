import { z } from "zod";

import { lineOfText } from "../../schema/fields.ts";

const COUNTRY_TEXT = "an ISO 3166-1 country code of two capital letters, for example MX";

export const shipToBody = z
  .strictObject({
    name: lineOfText,
    address1: lineOfText,
    address2: lineOfText.exactOptional(),
    city: lineOfText,
    region: lineOfText.exactOptional().meta({ description: "State or province." }),
    postalCode: lineOfText,
    country: z.string({ error: COUNTRY_TEXT }).regex(/^[A-Z]{2}$/, { error: COUNTRY_TEXT }),
    phone: lineOfText.exactOptional(),
    email: lineOfText.exactOptional(),
  })
  .meta({ id: "ShipTo" });

export const shipToAnswer = z.strictObject({
  ok: z.literal(true),
  retried: z
    .array(z.string())
    .meta({ description: "References of what a keeper had refused of the order, and is told again." }),
});
