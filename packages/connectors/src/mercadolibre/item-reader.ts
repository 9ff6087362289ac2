import type { ConnectorError } from "../contract/connector-error.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import type { MercadoLibreClient } from "./client.ts";
import { toError, toUnreadableError } from "./error.ts";
import { externalIdOf, type ListingAddress } from "./external-id.ts";
import type { SellerAccount } from "./seller-account.ts";
import { type ReadListing, writerOfItem, writerOfUserProduct } from "./to-listing.ts";
import { ITEM_FIELDS, itemsBulkSchema, itemSchema, itemSearchSchema, type WireItem } from "./wire.ts";

/** Items per bulk call; more are refused (GTIN). */
const BULK_SIZE = 20;

/** Items of the user products asked for at a time: 100 a page; a seller with more in 20 products is not expected. */
const SEARCH_SIZE = 100;

/** What stands at MercadoLibre under the addresses asked for. */
export interface ReadItems {
  of(address: ListingAddress): Outcome<ReadListing>;
}

/** Reads items, many at a time, and finds those of user products. */
export class ItemReader {
  private readonly client: MercadoLibreClient;

  constructor(client: MercadoLibreClient) {
    this.client = client;
  }

  async read(addresses: readonly ListingAddress[], seller: SellerAccount): Promise<ReadItems> {
    const userProducts = unique(
      addresses.flatMap((address) => (address.kind === "user_product" ? address.userProductId : [])),
    );
    const sellingThem = await this.findItems(userProducts, seller);
    const named = addresses.flatMap((address) => (address.kind === "item" ? address.itemId : []));
    const items = await this.readBulk(
      unique([...named, ...(sellingThem.ok ? sellingThem.value : [])]),
      seller,
    );
    return {
      of: (address) =>
        address.kind === "item"
          ? itemListing(address, items.get(address.itemId), seller)
          : userProductListing(address, { sellingThem, items }, seller),
    };
  }

  private async findItems(
    userProducts: readonly string[],
    seller: SellerAccount,
  ): Promise<Outcome<string[]>> {
    if (userProducts.length === 0) return succeeded([]);
    const path = `/users/${seller.accountId}/items/search`;
    const query = { user_product_id: userProducts.join(","), limit: String(SEARCH_SIZE) };
    const found = await this.client.call(itemSearchSchema, { method: "GET", path, query });
    return found.ok ? succeeded(found.value.results) : found;
  }

  /** One outcome per id; a repeated one would fail the whole call (GTIN). */
  private async readBulk(
    ids: readonly string[],
    seller: SellerAccount,
  ): Promise<ReadonlyMap<string, Outcome<WireItem>>> {
    const read = new Map<string, Outcome<WireItem>>();
    for (let start = 0; start < ids.length; start += BULK_SIZE) {
      const asked = ids.slice(start, start + BULK_SIZE);
      const query = { ids: asked.join(","), attributes: ITEM_FIELDS };
      const rows = await this.client.call(itemsBulkSchema, { method: "GET", path: "/items/bulk", query });
      // Rows of items that are not there have no id: a row's place says which one it is.
      for (const [index, id] of asked.entries())
        read.set(id, rows.ok ? toItem(id, rows.value[index], seller.accountId) : rows);
    }
    return read;
  }
}

type BulkRow = { readonly status_code: number; readonly body?: unknown } | undefined;

/** A row that is neither there nor gone says nothing: it is read again. */
export function toItem(id: string, row: BulkRow, accountId: string): Outcome<WireItem> {
  if (row === undefined) return failed(toUnreadableError(`the reading of ${id}`, false));
  if (row.status_code === 404) return failed(missing(id));
  if (row.status_code >= 400 && row.status_code !== 401)
    return failed(toError({ status: row.status_code, body: row.body ?? null, retryAfter: null, now: 0 }));
  const item = itemSchema.safeParse(row.body);
  if (!item.success) return failed(toUnreadableError(`the reading of ${id}`, false));
  // Everybody else's items are shown with rounded quantities.
  return item.data.seller_id === accountId ? succeeded(item.data) : failed(foreign(id));
}

function itemListing(
  address: ListingAddress & { readonly kind: "item" },
  item: Outcome<WireItem> | undefined,
  seller: SellerAccount,
): Outcome<ReadListing> {
  if (item === undefined) return failed(missing(address.itemId));
  if (!item.ok) return item;
  const variation = item.value.variations?.find(({ id }) => id === address.variationId);
  if (address.variationId !== null && variation === undefined) return failed(missing(externalIdOf(address)));
  const writer = writerOfItem(item.value, address.variationId, seller);
  const shown = (variation ?? item.value).available_quantity;
  return succeeded({ address, items: [item.value], shown, writer, shared: null });
}

function userProductListing(
  address: ListingAddress & { readonly kind: "user_product" },
  found: {
    readonly sellingThem: Outcome<readonly string[]>;
    readonly items: ReadonlyMap<string, Outcome<WireItem>>;
  },
  seller: SellerAccount,
): Outcome<ReadListing> {
  if (!found.sellingThem.ok) return found.sellingThem;
  const { userProductId } = address;
  const selling: { readonly item: WireItem; readonly shown: number }[] = [];
  for (const id of found.sellingThem.value) {
    const item = found.items.get(id);
    if (item === undefined || (!item.ok && item.error.kind === "not_found")) continue;
    if (!item.ok) return item;
    const shown = shownOf(item.value, userProductId);
    if (shown !== null) selling.push({ item: item.value, shown });
  }
  const [first] = selling;
  if (first === undefined) return failed(missing(userProductId));
  const items = selling.map(({ item }) => item);
  const writer = writerOfUserProduct(userProductId, items, seller);
  return succeeded({ address, items, shown: first.shown, writer, shared: null });
}

/** What an item shows of a user product; null where it does not sell it. */
function shownOf(item: WireItem, userProductId: string): number | null {
  const variation = item.variations?.find((one) => one.user_product_id === userProductId);
  if (variation !== undefined) return variation.available_quantity;
  return item.user_product_id === userProductId ? item.available_quantity : null;
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}

function missing(id: string): ConnectorError {
  return { kind: "not_found", message: `MercadoLibre has no listing ${id}.`, status: 404 };
}

function foreign(id: string): ConnectorError {
  const message = `${id} belongs to another MercadoLibre account.`;
  return { kind: "rejected", code: "foreign_listing", message };
}
