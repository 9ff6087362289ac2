import { z } from "zod";

import { NOTHING } from "../../route/nothing.ts";
import { defineRoute } from "../../route/route.ts";
import { submitOne } from "../../route/submit.ts";
import { reservationBody } from "./schema.ts";

export const postReservation = defineRoute({
  method: "POST",
  path: "/v1/reservations",
  access: "operate",
  tag: "Reservations",
  summary: "Hold units for a buyer",
  description:
    "A request: refused when it does not fit, whatever else is asked for at the same moment, and then the id is not used up. Of a SKU whose last units are dealt out to marketplace listings a reservation gets at most what is available less what buyers may still take there (`withheld` of its availability). The same id with the same lines gets the same answer.",
  example: { reservationId: "cart-9", lines: [{ sku: "KB-M", units: 1 }], ttlSeconds: 900 },
  answer: {
    status: 201,
    description: "Held.",
    schema: z.strictObject({ reservationId: z.string(), expiresAt: z.iso.datetime() }),
  },
  problems: ["unknown_sku", "unknown_listing", "insufficient_stock", "reservation_conflict"],
  params: NOTHING,
  query: NOTHING,
  body: reservationBody,
  handle(deps, call) {
    const { reservationId } = call.body;
    return submitOne(deps, call, { kind: "reserve", ...call.body }, (_seq, { expiresAt }) => {
      if (expiresAt === undefined) throw new Error("a hold was answered without its deadline");
      return { status: 201, answer: { reservationId, expiresAt: new Date(expiresAt).toISOString() } };
    });
  },
});
