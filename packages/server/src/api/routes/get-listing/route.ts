import { z } from "zod";

import { readListing } from "../../../ledger/read/listing-store.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute, refusal } from "../../route/route.ts";
import { code } from "../../schema/fields.ts";
import { listingContext } from "../../view/listing-context.ts";
import { explainedListing } from "../../view/listing-view.ts";
import { unknownListing } from "../../view/unknown.ts";
import { listingAnswer } from "./schema.ts";

export const getListing = defineRoute({
  method: "GET",
  path: "/v1/listings/{connection}/{externalId}",
  access: "read",
  tag: "The map",
  summary: "One listing: what it sells, what it shows and why",
  answer: { status: 200, description: "The listing.", schema: listingAnswer },
  problems: ["unknown_listing"],
  params: z.strictObject({ connection: code, externalId: code }),
  query: NOTHING,
  body: null,
  async handle(deps, { caller, params }) {
    const context = listingContext(deps, deps.clock.now());
    const listing = await readListing(deps.reader, caller.sellerId, params);
    if (listing === null) return refusal(unknownListing(params.connection, params.externalId));
    const { createdSeq, updatedSeq } = listing;
    return answer(200, { ...explainedListing(listing, context), createdSeq, updatedSeq });
  },
});
