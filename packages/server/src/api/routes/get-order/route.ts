import { z } from "zod";

import { readOrder } from "../../../ledger/read/order-store.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute, refusal } from "../../route/route.ts";
import { code } from "../../schema/fields.ts";
import { orderView } from "../../view/order-view.ts";
import { unknownOrder } from "../../view/unknown.ts";
import { orderAnswer } from "./schema.ts";

export const getOrder = defineRoute({
  method: "GET",
  path: "/v1/orders/{channel}/{orderId}",
  access: "read",
  tag: "Orders",
  summary: "One order: what is said of it and what stands for it in the ledger",
  answer: { status: 200, description: "The order.", schema: orderAnswer },
  problems: ["unknown_order"],
  params: z.strictObject({ channel: code, orderId: code }),
  query: NOTHING,
  body: null,
  async handle(deps, { caller, params }) {
    const stored = await readOrder(deps.reader, { sellerId: caller.sellerId, ...params });
    return stored === null
      ? refusal(unknownOrder(params.channel, params.orderId))
      : answer(200, orderView(stored));
  },
});
