import { z } from "zod";

import { readReservation } from "../../../ledger/read/reservation-store.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute, refusal } from "../../route/route.ts";
import { instantAnswer } from "../../schema/answers.ts";
import { code } from "../../schema/fields.ts";
import { instantText } from "../../view/instant-text.ts";
import { unknownReservation } from "../../view/unknown.ts";

const units = z.int();

const reservation = z
  .strictObject({
    reservationId: z.string(),
    state: z.enum(["held", "committed", "released", "expired", "claimed"]),
    expiresAt: instantAnswer,
    lines: z.array(
      z.strictObject({
        sku: z.string().optional(),
        connection: z.string().optional(),
        listing: z.string().optional(),
        units,
      }),
    ),
    components: z
      .array(z.strictObject({ sku: z.string(), units }))
      .meta({ description: "What is held, per SKU." }),
    firstSeq: z.int(),
    lastSeq: z.int(),
  })
  .meta({ id: "Reservation" });

export const getReservation = defineRoute({
  method: "GET",
  path: "/v1/reservations/{reservationId}",
  access: "read",
  tag: "Reservations",
  summary: "One hold and what became of it",
  answer: { status: 200, description: "The hold.", schema: reservation },
  problems: ["unknown_reservation"],
  params: z.strictObject({ reservationId: code }),
  query: NOTHING,
  body: null,
  async handle(deps, { caller, params }) {
    const found = await readReservation(deps.reader, caller.sellerId, params.reservationId);
    if (found === null) return refusal(unknownReservation(params.reservationId));
    const { asked, expiresAt, ...rest } = found;
    return answer(200, { ...rest, ...asked, expiresAt: instantText(expiresAt) });
  },
});
