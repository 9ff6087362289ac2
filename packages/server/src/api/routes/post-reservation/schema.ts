import { z } from "zod";

import { code, ttlSeconds, units } from "../../schema/fields.ts";

const ONE_NAME = "either sku, or connection and listing, but not both";

/** One line of a hold: a SKU, or a listing of a connection. */
const line = z
  .strictObject({
    sku: code.exactOptional(),
    connection: code.exactOptional(),
    listing: code.exactOptional(),
    units,
  })
  .meta({ description: "Names a sku, or a connection and its listing." })
  .transform((value, context) => {
    const { sku, connection, listing } = value;
    if (sku !== undefined && connection === undefined && listing === undefined)
      return { sku, units: value.units };
    if (sku === undefined && connection !== undefined && listing !== undefined)
      return { connection, listing, units: value.units };
    context.issues.push({
      code: "custom",
      input: value,
      path: ["sku"],
      message: `A line names ${ONE_NAME}.`,
      params: { sentence: true },
    });
    return z.NEVER;
  });

export const reservationBody = z
  .strictObject({
    reservationId: code,
    lines: z.array(line).min(1).max(1000),
    ttlSeconds: ttlSeconds.meta({
      description: "The hold is given back within a second after so many seconds.",
    }),
  })
  .meta({ id: "ReservationBody" });
