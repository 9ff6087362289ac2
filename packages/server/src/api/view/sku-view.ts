import { z } from "zod";

import { poolNumbers } from "../../ledger/read/pool-numbers.ts";
import type { ListedSku } from "../../ledger/read/sku-list-store.ts";
import { skuAttributes } from "../routes/put-sku/schema.ts";
import { listingShownAnswer, poolNumbersAnswer } from "../schema/answers.ts";
import { shownListing, type ListingContext } from "./listing-view.ts";

/** A SKU's master data, numbers and listings. */
export const skuAnswer = z
  .strictObject({
    sku: z.string(),
    ...skuAttributes.shape,
    ...poolNumbersAnswer,
    listings: z.array(listingShownAnswer),
  })
  .meta({ id: "Sku" });

export function skuView(listed: ListedSku, context: ListingContext): z.output<typeof skuAnswer> {
  return {
    sku: listed.sku,
    ...(listed.attributes as z.output<typeof skuAttributes>),
    ...poolNumbers(listed.balances),
    listings: listed.listings.map((listing) => shownListing(listing, context)),
  };
}
