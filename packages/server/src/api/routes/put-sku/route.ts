import { z } from "zod";

import { RECORDED } from "../../route/batch-route.ts";
import { NOTHING } from "../../route/nothing.ts";
import { defineRoute } from "../../route/route.ts";
import { recorded, submitOne } from "../../route/submit.ts";
import { code } from "../../schema/fields.ts";
import { skuAttributes } from "./schema.ts";

export const putSku = defineRoute({
  method: "PUT",
  path: "/v1/skus/{sku}",
  access: "operate",
  tag: "The map",
  summary: "Create a SKU or change its master data",
  description:
    "Merges into what is stored; a null removes a field. Order lines that waited for this SKU are posted at once.",
  example: { title: "Knee brace M", unitCost: { amount: "6.50", currency: "USD" }, leadTimeDays: 14 },
  answer: { status: 200, description: "Recorded.", schema: RECORDED },
  problems: [],
  params: z.strictObject({ sku: code }),
  query: NOTHING,
  body: skuAttributes,
  handle: (deps, call) =>
    submitOne(deps, call, { kind: "put_sku", sku: call.params.sku, attributes: call.body }, recorded),
});
