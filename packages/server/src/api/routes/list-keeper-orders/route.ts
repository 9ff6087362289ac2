import { z } from "zod";

import { listKeeperOrders as readKeeperOrders } from "../../../publish/fulfilment/keeper-order-list.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute } from "../../route/route.ts";
import { code } from "../../schema/fields.ts";
import { cursor, limit, pageOf } from "../../schema/paging.ts";
import { instantText } from "../../view/instant-text.ts";
import { keeperOrderList, keeperOrderState } from "./schema.ts";

export const listKeeperOrders = defineRoute({
  method: "GET",
  path: "/v1/keeper-orders",
  access: "read",
  tag: "Orders",
  summary: "What keepers were given to ship, the newest first",
  answer: { status: 200, description: "A page.", schema: keeperOrderList },
  problems: [],
  params: NOTHING,
  query: z.strictObject({
    state: keeperOrderState.exactOptional(),
    connection: code.exactOptional(),
    channel: code.exactOptional(),
    orderId: code.exactOptional(),
    limit,
    cursor: cursor(z.tuple([z.int().min(0), z.string()])),
  }),
  body: null,
  async handle({ reader }, { caller, query }) {
    const [createdAt, reference = ""] = query.cursor ?? [];
    const listed = await readKeeperOrders(reader, {
      sellerId: caller.sellerId,
      state: query.state ?? null,
      connection: query.connection ?? null,
      channel: query.channel ?? null,
      orderId: query.orderId ?? null,
      before: createdAt === undefined ? null : { createdAt, reference },
      limit: query.limit + 1,
    });
    const { items, nextCursor } = pageOf(listed, query.limit, (item) => [item.createdAt, item.reference]);
    const keeperOrders = items.map((item) => ({
      ...item,
      createdAt: instantText(item.createdAt),
      sentAt: instantText(item.sentAt),
      endedAt: instantText(item.endedAt),
      nextAttemptAt: instantText(item.nextAttemptAt),
    }));
    return answer(200, { keeperOrders, nextCursor });
  },
});
