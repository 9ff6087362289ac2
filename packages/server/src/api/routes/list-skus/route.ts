import { z } from "zod";

import { listSkus as readSkus } from "../../../ledger/read/sku-list-store.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute } from "../../route/route.ts";
import { instantAnswer, nextCursor, seqAnswer } from "../../schema/answers.ts";
import { code, lineOfText } from "../../schema/fields.ts";
import { cursor, limit, pageOf } from "../../schema/paging.ts";
import { flag } from "../../schema/query.ts";
import { instantText } from "../../view/instant-text.ts";
import { listingContext } from "../../view/listing-context.ts";
import { skuAnswer, skuView } from "../../view/sku-view.ts";

const skuList = z
  .union([code.transform((sku) => [sku]), z.array(code).max(200)], {
    error: "a SKU, given at most 200 times",
  })
  .exactOptional();

export const listSkus = defineRoute({
  method: "GET",
  path: "/v1/skus",
  access: "read",
  tag: "Numbers",
  summary: "SKUs with all their numbers and what each listing shows",
  description: "By SKU. One page is one moment of the ledger: the one after entry `seq`.",
  answer: {
    status: 200,
    description: "A page.",
    schema: z.strictObject({ skus: z.array(skuAnswer), nextCursor, seq: seqAnswer, asOf: instantAnswer }),
  },
  problems: [],
  params: NOTHING,
  query: z.strictObject({
    q: lineOfText
      .exactOptional()
      .meta({ description: "Text in SKU or title, in any case, or a whole barcode." }),
    sku: skuList.meta({ description: "Exactly this; may be given several times." }),
    supplier: lineOfText.exactOptional(),
    connection: code.exactOptional().meta({ description: "Offered on this connection." }),
    oversold: flag.meta({ description: "true: only those that are oversold." }),
    limit,
    cursor: cursor(z.tuple([code])),
  }),
  body: null,
  async handle(deps, { caller, query }) {
    const now = deps.clock.now();
    const page = await readSkus(deps.reader, {
      sellerId: caller.sellerId,
      after: query.cursor?.[0] ?? null,
      limit: query.limit + 1,
      search: query.q ?? null,
      skus: query.sku ?? null,
      supplier: query.supplier ?? null,
      connection: query.connection ?? null,
      oversold: query.oversold,
    });
    const { items, nextCursor: next } = pageOf(page.skus, query.limit, ({ sku }) => [sku]);
    const context = listingContext(deps, now);
    return answer(200, {
      skus: items.map((sku) => skuView(sku, context)),
      nextCursor: next,
      seq: page.seq,
      asOf: instantText(Math.max(now, page.recordedAt)),
    });
  },
});
