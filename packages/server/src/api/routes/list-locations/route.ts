import { z } from "zod";

import { listLocations as readLocations } from "../../../ledger/read/location-store.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute } from "../../route/route.ts";
import { nextCursor } from "../../schema/answers.ts";
import { code } from "../../schema/fields.ts";
import { cursor, limit, pageOf } from "../../schema/paging.ts";
import { locationAnswer } from "../get-location/schema.ts";

export const listLocations = defineRoute({
  method: "GET",
  path: "/v1/locations",
  access: "read",
  tag: "The map",
  summary: "The places where units lie",
  answer: {
    status: 200,
    description: "A page, by code.",
    schema: z.strictObject({ locations: z.array(locationAnswer), nextCursor }),
  },
  problems: [],
  params: NOTHING,
  query: z.strictObject({ limit, cursor: cursor(z.tuple([code])) }),
  body: null,
  async handle(deps, { caller, query }) {
    const after = query.cursor?.[0] ?? null;
    const page = { sellerId: caller.sellerId, after, limit: query.limit + 1 };
    const { items, nextCursor: next } = pageOf(
      await readLocations(deps.reader, page),
      query.limit,
      (location) => [location.code],
    );
    return answer(200, { locations: items, nextCursor: next });
  },
});
