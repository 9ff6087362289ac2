import { z } from "zod";

import { listOrders as readOrders } from "../../../ledger/read/order-store.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute } from "../../route/route.ts";
import { nextCursor } from "../../schema/answers.ts";
import { code } from "../../schema/fields.ts";
import { cursor, limit, pageOf, sequencePart } from "../../schema/paging.ts";
import { flag } from "../../schema/query.ts";
import { orderView } from "../../view/order-view.ts";
import { orderAnswer } from "../get-order/schema.ts";
import { orderStatus } from "../post-orders/schema.ts";

export const listOrders = defineRoute({
  method: "GET",
  path: "/v1/orders",
  access: "read",
  tag: "Orders",
  summary: "Orders, those seen last first",
  answer: {
    status: 200,
    description: "A page.",
    schema: z.strictObject({ orders: z.array(orderAnswer), nextCursor }),
  },
  problems: [],
  params: NOTHING,
  query: z.strictObject({
    channel: code.exactOptional(),
    status: orderStatus.exactOptional(),
    unmapped: flag.meta({ description: "true: only those with a line that nobody mapped." }),
    returning: code
      .exactOptional()
      .meta({ description: "A SKU: only orders of which units of it are on their way back." }),
    limit,
    cursor: cursor(z.tuple([sequencePart])),
  }),
  body: null,
  async handle(deps, { caller, query }) {
    const listed = await readOrders(deps.reader, {
      sellerId: caller.sellerId,
      before: query.cursor?.[0] ?? null,
      limit: query.limit + 1,
      channel: query.channel ?? null,
      status: query.status ?? null,
      unmapped: query.unmapped,
      returning: query.returning ?? null,
    });
    const { items, nextCursor: next } = pageOf(listed, query.limit, ({ firstSeq }) => [firstSeq]);
    return answer(200, { orders: items.map(orderView), nextCursor: next });
  },
});
