import { z } from "zod";

import { RECORDED } from "../../route/batch-route.ts";
import { NOTHING } from "../../route/nothing.ts";
import { defineRoute } from "../../route/route.ts";
import { recorded, submitOne } from "../../route/submit.ts";
import { code } from "../../schema/fields.ts";

export const releaseReservation = defineRoute({
  method: "POST",
  path: "/v1/reservations/{reservationId}/release",
  access: "operate",
  tag: "Reservations",
  summary: "Give held units back",
  description: "A hold that has expired was given back already: that is answered alike.",
  answer: { status: 200, description: "Recorded.", schema: RECORDED },
  problems: ["unknown_reservation", "reservation_ended"],
  params: z.strictObject({ reservationId: code }),
  query: NOTHING,
  body: null,
  handle: (deps, call) =>
    submitOne(deps, call, { kind: "end_reservation", ...call.params, how: "release" }, recorded),
});
