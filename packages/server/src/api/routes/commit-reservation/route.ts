import { z } from "zod";

import { RECORDED } from "../../route/batch-route.ts";
import { NOTHING } from "../../route/nothing.ts";
import { defineRoute } from "../../route/route.ts";
import { recorded, submitOne } from "../../route/submit.ts";
import { code } from "../../schema/fields.ts";

export const commitReservation = defineRoute({
  method: "POST",
  path: "/v1/reservations/{reservationId}/commit",
  access: "operate",
  tag: "Reservations",
  summary: "Turn a hold into a commitment",
  description:
    "The units stay promised beyond the deadline. Send the order with `reservationId` instead where there is one.",
  answer: { status: 200, description: "Recorded.", schema: RECORDED },
  problems: ["unknown_reservation", "reservation_ended"],
  params: z.strictObject({ reservationId: code }),
  query: NOTHING,
  body: null,
  handle: (deps, call) =>
    submitOne(deps, call, { kind: "end_reservation", ...call.params, how: "commit" }, recorded),
});
