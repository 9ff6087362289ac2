import { z } from "zod";

import { readAvailability } from "../../../ledger/read/availability-store.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute, refusal } from "../../route/route.ts";
import { code } from "../../schema/fields.ts";
import { listingContext } from "../../view/listing-context.ts";
import { skuAnswer, skuView } from "../../view/sku-view.ts";
import { unknownSku } from "../../view/unknown.ts";

export const getSku = defineRoute({
  method: "GET",
  path: "/v1/skus/{sku}",
  access: "read",
  tag: "The map",
  summary: "One SKU with its numbers and listings",
  answer: { status: 200, description: "The SKU.", schema: skuAnswer },
  problems: ["unknown_sku"],
  params: z.strictObject({ sku: code }),
  query: NOTHING,
  body: null,
  async handle(deps, { caller, params }) {
    const context = listingContext(deps, deps.clock.now());
    const read = await readAvailability(deps.reader, {
      sellerId: caller.sellerId,
      sku: params.sku,
      at: null,
    });
    if (read.sku === null) return refusal(unknownSku(params.sku));
    return answer(200, skuView({ sku: params.sku, ...read.sku }, context));
  },
});
