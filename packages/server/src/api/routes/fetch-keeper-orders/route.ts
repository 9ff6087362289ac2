import { z } from "zod";

import { fetchOrders } from "../../../publish/fulfilment/fetched-store.ts";
import { findFetchingKeeper } from "../../route/find-fetching-keeper.ts";
import { answer, defineRoute, refusal } from "../../route/route.ts";
import { instantAnswer } from "../../schema/answers.ts";
import { code } from "../../schema/fields.ts";
import { cursor, limit, pageOf } from "../../schema/paging.ts";
import { instantText } from "../../view/instant-text.ts";
import { keeperOrderState } from "../list-keeper-orders/schema.ts";
import { shipToBody } from "../put-ship-to/schema.ts";

const order = z
  .strictObject({
    reference: z.string().meta({ description: "Ours: name it in answers and in what left." }),
    channel: z.string(),
    orderNumber: z.string().meta({ description: "The marketplace's own." }),
    facility: z.string().meta({ description: "The place as the keeper calls it." }),
    state: keeperOrderState,
    keeperOrderId: z.string().nullable(),
    placedAt: instantAnswer,
    lines: z.array(
      z.strictObject({
        lineId: z.string(),
        item: z.string().meta({ description: "What the keeper calls the SKU." }),
        units: z.int(),
      }),
    ),
    shipTo: shipToBody.nullable().meta({
      description: "null where nobody said, or the keeper gets address and label from the marketplace.",
    }),
  })
  .meta({ id: "FetchedOrder" });

export const fetchKeeperOrders = defineRoute({
  method: "GET",
  path: "/v1/keepers/{connection}/orders",
  access: "operate",
  tag: "Orders",
  summary: "What a keeper is to ship, the oldest first",
  description:
    "For connections of a kind that fetches its orders, such as http-keeper. Accept each before it is picked: what was cancelled meanwhile cannot be accepted any more. Those in state cancelling wait for cancelled or too-late. Where an order goes is shown here alone.",
  answer: {
    status: 200,
    description: "A page.",
    schema: z.strictObject({ orders: z.array(order), nextCursor: z.string().nullable() }),
  },
  problems: ["unknown_connection", "keeper_not_live"],
  params: z.strictObject({ connection: code }),
  query: z.strictObject({
    state: keeperOrderState.default("wanted"),
    limit,
    cursor: cursor(z.tuple([z.int().min(0), z.string()])),
  }),
  body: null,
  async handle(deps, { caller, params, query }) {
    const { sellerId } = caller;
    const { connection } = params;
    const found = await findFetchingKeeper(deps, sellerId, { connection, about: "orders" });
    if (!found.ok) return refusal(found.problem);
    const [createdAt, reference = ""] = query.cursor ?? [];
    const after = createdAt === undefined ? null : { createdAt, reference };
    const ask = { sellerId, connection, state: query.state, after, limit: query.limit + 1 };
    const fetched = await fetchOrders(deps.reader, ask, deps.secretBox);
    const { items, nextCursor } = pageOf(fetched, query.limit, (item) => [item.createdAt, item.reference]);
    const orders = items.map(({ createdAt: _createdAt, placedAt, ...item }) => ({
      ...item,
      placedAt: instantText(placedAt),
    }));
    return answer(200, { orders, nextCursor });
  },
});
