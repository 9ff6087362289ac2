import { z } from "zod";

import { RECORDED } from "../../route/batch-route.ts";
import { NOTHING } from "../../route/nothing.ts";
import { defineRoute } from "../../route/route.ts";
import { recorded, submitOne } from "../../route/submit.ts";
import { code } from "../../schema/fields.ts";
import { locationBody } from "./schema.ts";

export const putLocation = defineRoute({
  method: "PUT",
  path: "/v1/locations/{code}",
  access: "operate",
  tag: "The map",
  summary: "Create or change a place where units lie",
  description: "The location main, of kind warehouse, exists from the start.",
  example: { kind: "3pl", title: "3PL Monterrey" },
  answer: { status: 200, description: "Recorded.", schema: RECORDED },
  problems: ["unknown_connection"],
  params: z.strictObject({ code }),
  query: NOTHING,
  body: locationBody,
  handle(deps, call) {
    const { kind, ...rest } = call.body;
    const locationKind = kind === undefined ? {} : { locationKind: kind };
    const command = { kind: "put_location", code: call.params.code, ...rest, ...locationKind } as const;
    return submitOne(deps, call, command, recorded);
  },
});
