import { z } from "zod";

import { listInbounds as readInbounds } from "../../../ledger/read/inbound-store.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute } from "../../route/route.ts";
import { nextCursor } from "../../schema/answers.ts";
import { code } from "../../schema/fields.ts";
import { cursor, limit, pageOf, sequencePart } from "../../schema/paging.ts";
import { inboundView } from "../../view/inbound-view.ts";
import { inboundAnswer } from "../get-inbound/schema.ts";
import { inboundStatus } from "../put-inbound/schema.ts";

export const listInbounds = defineRoute({
  method: "GET",
  path: "/v1/inbounds",
  access: "read",
  tag: "Stock",
  summary: "Goods on their way, those announced last first",
  answer: {
    status: 200,
    description: "A page.",
    schema: z.strictObject({ inbounds: z.array(inboundAnswer), nextCursor }),
  },
  problems: [],
  params: NOTHING,
  query: z.strictObject({
    status: inboundStatus.exactOptional(),
    sku: code.exactOptional().meta({ description: "Only those that bring, or brought, this SKU." }),
    limit,
    cursor: cursor(z.tuple([sequencePart])),
  }),
  body: null,
  async handle(deps, { caller, query }) {
    const listed = await readInbounds(deps.reader, {
      sellerId: caller.sellerId,
      before: query.cursor?.[0] ?? null,
      limit: query.limit + 1,
      status: query.status ?? null,
      sku: query.sku ?? null,
    });
    const { items, nextCursor: next } = pageOf(listed, query.limit, ({ createdSeq }) => [createdSeq]);
    return answer(200, { inbounds: items.map(inboundView), nextCursor: next });
  },
});
