import { z } from "zod";

import { listListings as readListings } from "../../../ledger/read/listing-store.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute } from "../../route/route.ts";
import { nextCursor } from "../../schema/answers.ts";
import { code } from "../../schema/fields.ts";
import { cursor, limit, pageOf } from "../../schema/paging.ts";
import { listingContext } from "../../view/listing-context.ts";
import { explainedListing } from "../../view/listing-view.ts";
import { listingAnswer } from "../get-listing/schema.ts";

export const listListings = defineRoute({
  method: "GET",
  path: "/v1/listings",
  access: "read",
  tag: "The map",
  summary: "What is offered on the channels",
  answer: {
    status: 200,
    description: "A page, by connection and external id.",
    schema: z.strictObject({ listings: z.array(listingAnswer), nextCursor }),
  },
  problems: [],
  params: NOTHING,
  query: z.strictObject({
    connection: code.exactOptional(),
    sku: code.exactOptional().meta({ description: "Only listings that sell this SKU." }),
    limit,
    cursor: cursor(z.tuple([code, code])),
  }),
  body: null,
  async handle(deps, { caller, query }) {
    const context = listingContext(deps, deps.clock.now());
    const [connection, externalId] = query.cursor ?? [];
    const after = connection === undefined || externalId === undefined ? null : { connection, externalId };
    const listed = await readListings(deps.reader, {
      sellerId: caller.sellerId,
      after,
      limit: query.limit + 1,
      connection: query.connection ?? null,
      sku: query.sku ?? null,
    });
    const { items, nextCursor: next } = pageOf(listed, query.limit, (listing) => [
      listing.connection,
      listing.externalId,
    ]);
    const listings = items.map((listing) => {
      const { createdSeq, updatedSeq } = listing;
      return { ...explainedListing(listing, context), createdSeq, updatedSeq };
    });
    return answer(200, { listings, nextCursor: next });
  },
});
