import { z } from "zod";

import { readLocation } from "../../../ledger/read/location-store.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute, refusal } from "../../route/route.ts";
import { code } from "../../schema/fields.ts";
import { unknownLocation } from "../../view/unknown.ts";
import { locationAnswer } from "./schema.ts";

export const getLocation = defineRoute({
  method: "GET",
  path: "/v1/locations/{code}",
  access: "read",
  tag: "The map",
  summary: "One place where units lie",
  answer: { status: 200, description: "The location.", schema: locationAnswer },
  problems: ["unknown_location"],
  params: z.strictObject({ code }),
  query: NOTHING,
  body: null,
  async handle(deps, { caller, params }) {
    const location = await readLocation(deps.reader, caller.sellerId, params.code);
    return location === null ? refusal(unknownLocation(params.code)) : answer(200, location);
  },
});
