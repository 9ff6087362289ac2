import { z } from "zod";

import { RECORDED } from "../../route/batch-route.ts";
import { NOTHING } from "../../route/nothing.ts";
import { defineRoute } from "../../route/route.ts";
import { recorded, submitOne } from "../../route/submit.ts";
import { code } from "../../schema/fields.ts";
import { listingBody } from "./schema.ts";

export const putListing = defineRoute({
  method: "PUT",
  path: "/v1/listings/{connection}/{externalId}",
  access: "operate",
  tag: "The map",
  summary: "Map a channel's listing to the SKUs it sells",
  description:
    "Merges; a null removes a setting. Order lines that waited for this listing are posted at once. Lines posted before keep the recipe they froze: mend those with remap. `externalId` is the channel's own name of what sells: at MercadoLibre an item (MLM123), a variation (MLM123:456), or a user product (MLMU123), the stock that several items share: map either the items or the user product, never both.",
  example: { components: [{ sku: "KB-M", units: 1 }], buffer: 0, floor: 0, cap: null },
  answer: { status: 200, description: "Recorded.", schema: RECORDED },
  problems: ["unknown_connection", "unknown_sku"],
  params: z.strictObject({ connection: code, externalId: code }),
  query: NOTHING,
  body: listingBody,
  handle(deps, call) {
    const { components, ...settings } = call.body;
    const recipe = components === undefined ? {} : { components };
    return submitOne(deps, call, { kind: "put_listing", ...call.params, ...recipe, settings }, recorded);
  },
});
