import { z } from "zod";

import { readChain } from "../../../ledger/read/explain-store.ts";
import { poolNumbers } from "../../../ledger/read/pool-numbers.ts";
import { answer, defineRoute, refusal } from "../../route/route.ts";
import { code } from "../../schema/fields.ts";
import { cursor, cursorText, limit, sequencePart } from "../../schema/paging.ts";
import { chainView } from "../../view/chain-view.ts";
import { instantText } from "../../view/instant-text.ts";
import { listingContext } from "../../view/listing-context.ts";
import { explainedListing } from "../../view/listing-view.ts";
import { unknownSku } from "../../view/unknown.ts";
import { endGameView, withheldUnits } from "../../view/withheld-view.ts";
import { explanation } from "./schema.ts";

export const explainSku = defineRoute({
  method: "GET",
  path: "/v1/skus/{sku}/explain",
  access: "read",
  tag: "Numbers",
  summary: "Why this number",
  description:
    "The entries that made it, newest first, each with what it moved, from where to where, and what it made of available and on hand; why each listing shows what it shows; and what no reservation gets, and why.",
  answer: { status: 200, description: "A page of the chain.", schema: explanation },
  problems: ["unknown_sku"],
  params: z.strictObject({ sku: code }),
  query: z.strictObject({ limit, cursor: cursor(z.tuple([sequencePart])) }),
  body: null,
  async handle(deps, { caller, params, query }) {
    const now = deps.clock.now();
    const key = { sellerId: caller.sellerId, sku: params.sku };
    const page = await readChain(deps.reader, {
      ...key,
      before: query.cursor?.[0] ?? null,
      limit: query.limit,
    });
    if (page.sku === null) return refusal(unknownSku(params.sku));
    const { attributes, listings, withheld } = page.sku;
    const { title } = attributes;
    const context = listingContext(deps, now);
    const numbers = poolNumbers(page.balances);
    const last = page.entries.at(-1);
    return answer(200, {
      sku: params.sku,
      title: typeof title === "string" ? title : null,
      ...numbers,
      withheld: withheldUnits(withheld, numbers.available),
      endGame: endGameView(withheld),
      listings: listings.map((listing) => explainedListing(listing, context)),
      entries: chainView(page.entries, numbers),
      nextCursor: page.hasMore && last !== undefined ? cursorText([last.seq]) : null,
      seq: page.seq,
      asOf: instantText(Math.max(now, page.recordedAt)),
    });
  },
});
