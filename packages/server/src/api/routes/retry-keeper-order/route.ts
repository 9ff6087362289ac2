import { z } from "zod";

import { retryKeeperOrder as retry } from "../../../publish/fulfilment/ship-to-store.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute, refusal } from "../../route/route.ts";
import { code } from "../../schema/fields.ts";
import { unknownKeeperOrder } from "../../view/unknown.ts";

export const retryKeeperOrder = defineRoute({
  method: "POST",
  path: "/v1/keeper-orders/{reference}/retry",
  access: "operate",
  tag: "Orders",
  summary: "Tell a keeper again what it refused",
  description:
    "After its cause is mended: an item that the keeper did not know, an address that was missing.",
  answer: {
    status: 200,
    description: "It will be told again.",
    schema: z.strictObject({ ok: z.literal(true) }),
  },
  problems: ["unknown_keeper_order", "keeper_order_not_refused"],
  params: z.strictObject({ reference: code }),
  query: NOTHING,
  body: null,
  async handle({ pool, clock }, { caller, params }) {
    const { reference } = params;
    const state = await retry(pool, { sellerId: caller.sellerId, reference }, clock.now());
    if (state === "refused") return answer(200, { ok: true });
    if (state === null) return refusal(unknownKeeperOrder(reference));
    const message = `${reference} is ${state}: only what a keeper refused is told again.`;
    return refusal({ code: "keeper_order_not_refused", field: "reference", message });
  },
});
