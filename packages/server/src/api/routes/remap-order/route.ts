import { z } from "zod";

import { RECORDED } from "../../route/batch-route.ts";
import { NOTHING } from "../../route/nothing.ts";
import { defineRoute } from "../../route/route.ts";
import { recorded, submitOne } from "../../route/submit.ts";
import { code } from "../../schema/fields.ts";
import { remapBody } from "./schema.ts";

export const remapOrder = defineRoute({
  method: "POST",
  path: "/v1/orders/{channel}/{orderId}/remap",
  access: "operate",
  tag: "Orders",
  summary: "Mend a wrong or missing recipe of an order's lines",
  description: "What stood under the old recipe is taken back and the new one posted in full.",
  example: { lines: [{ lineId: "1", components: [{ sku: "KB-M", units: 2 }] }] },
  answer: { status: 200, description: "Recorded.", schema: RECORDED },
  problems: ["unknown_order", "unknown_line", "unknown_sku", "unknown_listing"],
  params: z.strictObject({ channel: code, orderId: code }),
  query: NOTHING,
  body: remapBody,
  handle: (deps, call) => submitOne(deps, call, { kind: "remap", ...call.params, ...call.body }, recorded),
});
