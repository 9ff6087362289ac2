import { z } from "zod";

import { readAvailability } from "../../../ledger/read/availability-store.ts";
import { locationNumbers, poolNumbers } from "../../../ledger/read/pool-numbers.ts";
import { sequenceAt } from "../../../ledger/read/sequence-store.ts";
import type { ApiDeps } from "../../api-deps.ts";
import { answer, defineRoute, refusal } from "../../route/route.ts";
import { code } from "../../schema/fields.ts";
import { moment, type Moment } from "../../schema/query.ts";
import { instantText } from "../../view/instant-text.ts";
import { listingContext } from "../../view/listing-context.ts";
import { shownListing } from "../../view/listing-view.ts";
import { unknownSku } from "../../view/unknown.ts";
import { withheldUnits } from "../../view/withheld-view.ts";
import { availability } from "./schema.ts";

export const getAvailability = defineRoute({
  method: "GET",
  path: "/v1/skus/{sku}/availability",
  access: "read",
  tag: "Numbers",
  summary: "What is there, what is promised, what is available real",
  description:
    "With `at`, as it was known then: after that entry, or after the last one recorded up to that instant.",
  answer: { status: 200, description: "The numbers of one moment.", schema: availability },
  problems: ["unknown_sku"],
  params: z.strictObject({ sku: code }),
  query: z.strictObject({ at: moment.exactOptional() }),
  body: null,
  async handle(deps, { caller, params, query }) {
    const now = deps.clock.now();
    const at = query.at ?? null;
    const seq = at === null ? null : await sequenceOf(deps, caller.sellerId, at);
    const read = await readAvailability(deps.reader, { sellerId: caller.sellerId, sku: params.sku, at: seq });
    if (seq !== null && seq > read.headSeq)
      return refusal({
        code: "invalid_field",
        field: "at",
        message: `at must not lie beyond the last entry, ${read.headSeq}.`,
      });
    if (read.sku === null || read.sku.createdSeq > read.seq) return refusal(unknownSku(params.sku));
    const { balances, listings, incomingAt, withheld } = read.sku;
    const numbers = poolNumbers(balances);
    const context = listingContext(deps, now);
    return answer(200, {
      sku: params.sku,
      ...numbers,
      withheld: withheldUnits(withheld, numbers.available),
      incomingAt: incomingAt.map((part) => ({ ...part, expectedAt: instantText(part.expectedAt) })),
      locations: locationNumbers(balances),
      listings: listings.map((listing) => shownListing(listing, context)),
      seq: read.seq,
      asOf: instantText(asOf(at, now, read.recordedAt ?? now)),
    });
  },
});

function sequenceOf(deps: ApiDeps, sellerId: number, at: Moment): Promise<number> {
  return at.by === "sequence" ? Promise.resolve(at.seq) : sequenceAt(deps.reader, sellerId, at.instant);
}

/** Another server's clock may run ahead of ours: an entry that is in the answer was recorded by then. */
function asOf(at: Moment | null, now: number, recordedAt: number): number {
  if (at === null) return Math.max(now, recordedAt);
  return at.by === "instant" ? at.instant : recordedAt;
}
