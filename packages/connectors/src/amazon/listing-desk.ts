import type { Connector, ListingReading, PushReceipt, QuantityPush } from "../contract/connector.ts";
import { failed, type Outcome } from "../contract/outcome.ts";
import { capability } from "./capability.ts";
import type { AmazonClient } from "./client.ts";
import { toUnreadableError } from "./error.ts";
import { toListingReading } from "./to-listing.ts";
import { isSku, listingPath, notASku, type SellerAccount, toPushRequest, toReceipt } from "./to-push.ts";
import { listingSchema, listingSearchSchema, submissionSchema } from "./wire.ts";

/** Reads and writes listings. */
export interface ListingDesk {
  read: Connector["readListings"];
  push: Connector["pushQuantity"];
}

type Readings = Map<string, Outcome<ListingReading>>;

const LISTING_DATA = "summaries,fulfillmentAvailability,issues";

/**
 * A write to a SKU that does not exist is accepted and makes half a listing, and one to a SKU of FBA makes a second offer beside
 * it. So nothing is written that was not read since this desk was opened, and nothing that the reading said is not ours to write.
 */
export function createListingDesk(client: AmazonClient, account: SellerAccount): ListingDesk {
  /** Why a SKU is not to be written, or null where it is; as of its last reading. */
  const locks = new Map<string, string | null>();

  const read = async (skus: readonly string[]): Promise<Readings> => {
    const readings = await readListings(client, account, skus);
    for (const [sku, reading] of readings) {
      if (reading.ok) locks.set(sku, reading.value.notWritable);
      else if (reading.error.kind === "not_found") locks.delete(sku);
      else if (reading.error.code === "kept_by_channel") locks.set(sku, reading.error.message);
      // There, and ours, although its number is not told.
      else if (reading.error.code === "quantity_unknown") locks.set(sku, null);
    }
    return readings;
  };

  return {
    async read(externalIds) {
      const readings = await read([...new Set(externalIds.filter((id) => isSku(id)))]);
      return externalIds.map((id) => readings.get(id) ?? failed(notASku(id)));
    },

    async push(push: QuantityPush): Promise<Outcome<PushReceipt>> {
      const request = toPushRequest(account, push);
      if (!request.ok) return request;
      const sku = push.externalId;
      const first = locks.has(sku) ? undefined : (await read([sku])).get(sku);
      const lock = locks.get(sku);
      if (lock === undefined) return failed(first?.ok === false ? first.error : notASku(sku));
      if (lock !== null) return failed({ kind: "rejected", code: "not_writable", message: lock });
      const written = await client.call(submissionSchema, request.value);
      return written.ok ? toReceipt(written.value) : written;
    },
  };
}

/** One search for all; what it does not show is asked for by name before anybody believes that it is gone. */
async function readListings(
  client: AmazonClient,
  account: SellerAccount,
  skus: readonly string[],
): Promise<Readings> {
  const readings: Readings = new Map();
  await searchListings(client, account, { skus, readings });
  for (const sku of skus) {
    if (readings.has(sku)) continue;
    const reading = await readListing(client, account, sku);
    readings.set(sku, reading);
    // The next would be told the same.
    if (!reading.ok && isAboutAll(reading))
      for (const rest of skus) readings.set(rest, readings.get(rest) ?? reading);
  }
  return readings;
}

function isAboutAll({ error }: Outcome<never> & { ok: false }): boolean {
  return error.isOnlyThis !== true && ["auth", "throttled", "transient"].includes(error.kind);
}

async function searchListings(
  client: AmazonClient,
  account: SellerAccount,
  { skus, readings }: { readonly skus: readonly string[]; readonly readings: Readings },
): Promise<void> {
  // Identifiers are joined by commas.
  const asked = skus.filter((sku) => !sku.includes(","));
  if (asked.length < 2) return;
  const { sellerId, marketplaceId } = account;
  const answer = await client.call(listingSearchSchema, {
    method: "GET",
    path: `/listings/2021-08-01/items/${encodeURIComponent(sellerId)}`,
    query: {
      marketplaceIds: marketplaceId,
      identifiersType: "SKU",
      identifiers: asked.join(","),
      includedData: LISTING_DATA,
      pageSize: String(capability.readBatchSize),
    },
    budget: "reads",
  });
  if (!answer.ok) for (const sku of asked) readings.set(sku, answer);
  for (const item of answer.ok ? answer.value.items : []) {
    const listing = listingSchema.safeParse(item);
    if (listing.success && asked.includes(listing.data.sku))
      readings.set(listing.data.sku, toListingReading(listing.data, marketplaceId));
  }
}

async function readListing(
  client: AmazonClient,
  account: SellerAccount,
  sku: string,
): Promise<Outcome<ListingReading>> {
  const query = { marketplaceIds: account.marketplaceId, includedData: LISTING_DATA };
  const path = listingPath(account, sku);
  const answer = await client.call(listingSchema, { method: "GET", path, query, budget: "reads" });
  if (!answer.ok) return answer;
  // A path that was understood differently must not lend another listing's number.
  if (answer.value.sku !== sku) return failed(toUnreadableError(`the reading of ${sku}`, false));
  return toListingReading(answer.value, account.marketplaceId);
}
