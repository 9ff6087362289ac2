import { z } from "zod";

import { keepShipTo } from "../../../publish/fulfilment/ship-to-store.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute, refusal } from "../../route/route.ts";
import { code } from "../../schema/fields.ts";
import { unknownOrder } from "../../view/unknown.ts";
import { shipToAnswer, shipToBody } from "./schema.ts";

export const putShipTo = defineRoute({
  method: "PUT",
  path: "/v1/orders/{channel}/{orderId}/ship-to",
  access: "operate",
  tag: "Orders",
  summary: "Say where an order goes, for a keeper that ships it",
  description:
    "Only needed where a keeper is given orders (sendsOrders) and does not get address and label from the marketplace. Stored sealed, never shown again, and forgotten 90 days after it was last said.",
  example: {
    name: "Ana López",
    address1: "Av. Insurgentes Sur 1602",
    city: "Ciudad de México",
    region: "CDMX",
    postalCode: "03940",
    country: "MX",
  },
  answer: { status: 200, description: "Kept.", schema: shipToAnswer },
  problems: ["unknown_order"],
  params: z.strictObject({ channel: code, orderId: code }),
  query: NOTHING,
  body: shipToBody,
  async handle({ pool, secretBox, clock }, { caller, params, body }) {
    const key = { sellerId: caller.sellerId, ...params };
    const address = secretBox.seal(JSON.stringify(body));
    const retried = await keepShipTo(pool, key, { address, now: clock.now() });
    return retried === null
      ? refusal(unknownOrder(params.channel, params.orderId))
      : answer(200, { ok: true, retried });
  },
});
