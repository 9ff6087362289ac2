import type { ListingReading } from "../contract/connector.ts";
import { externalIdOf, type ListingAddress } from "./external-id.ts";
import type { WireItem, WireUserProductStock } from "./wire.ts";

/** What of a seller's account decides how its stock is written. */
export interface SellerTraits {
  readonly siteId: string | null;
  readonly tags: readonly string[];
  /** The depot that the pool fills, by the connection's settings. */
  readonly storeId: string | null;
}

/** By which call a listing's quantity is written (DOC:stock-distribuido, stock-multi-origen, convivencia-full-y-flex). */
export type Writer =
  | { readonly via: "item"; readonly itemId: string }
  | { readonly via: "variation"; readonly itemId: string; readonly variationId: string }
  /** The seller's own part of a stock that Full shares; by `x-version`. */
  | { readonly via: "selling_address"; readonly userProductId: string }
  /** One depot of a seller who has depots; by `x-version`. For such a seller a write to the item is answered 200 and ignored. */
  | { readonly via: "seller_warehouse"; readonly userProductId: string }
  | { readonly via: "none"; readonly reason: string };

/** The sites where the seller's part beside Full can be written. */
const SITES_WITH_SELLER_PART = new Set(["MLA", "MLC"]);

const LOCKED = new Set(["closed", "under_review", "inactive", "payment_required"]);

/** The writer of an item, or of one variation of it. */
export function writerOfItem(item: WireItem, variationId: string | null, seller: SellerTraits): Writer {
  const lock = lockOf(item);
  if (lock !== null) return { via: "none", reason: lock };
  const variations = item.variations ?? [];
  if (variationId === null && variations.length > 0)
    return { via: "none", reason: "The item has variations: map each of them as MLM123:456." };
  const variation = variations.find(({ id }) => id === variationId);
  const userProductId = variation?.user_product_id ?? item.user_product_id ?? null;
  const shared = sharedWriter(item, userProductId, seller);
  if (shared !== null) return shared;
  return variationId === null
    ? { via: "item", itemId: item.id }
    : { via: "variation", itemId: item.id, variationId };
}

/** The writer of a user product: its own stock, or the first of its items that takes a quantity for all of them. */
export function writerOfUserProduct(
  userProductId: string,
  items: readonly WireItem[],
  seller: SellerTraits,
): Writer {
  if (seller.tags.includes("warehouse_management")) return { via: "seller_warehouse", userProductId };
  const writers = items.map((item) => {
    const variation = item.variations?.find((one) => one.user_product_id === userProductId);
    return writerOfItem(item, variation?.id ?? null, seller);
  });
  const none = { via: "none", reason: `No listing of this account sells ${userProductId}.` } as const;
  return writers.find(({ via }) => via !== "none") ?? writers[0] ?? none;
}

function sharedWriter(item: WireItem, userProductId: string | null, seller: SellerTraits): Writer | null {
  const isFull = item.shipping?.logistic_type === "fulfillment";
  if (seller.tags.includes("warehouse_management")) {
    if (userProductId !== null) return { via: "seller_warehouse", userProductId };
    return {
      via: "none",
      reason: "The account has depots, and this listing has no user product to keep stock in them.",
    };
  }
  if (!isFull) return null;
  const hasSellerPart = item.shipping?.tags?.includes("self_service_in") === true;
  const isWritable = hasSellerPart && SITES_WITH_SELLER_PART.has(seller.siteId ?? "");
  if (isWritable && userProductId !== null) return { via: "selling_address", userProductId };
  return { via: "none", reason: "MercadoLibre keeps this stock (Full) and counts it alone." };
}

function lockOf(item: WireItem): string | null {
  if (!LOCKED.has(item.status)) return null;
  if (item.tags?.includes("variations_migration_source") === true)
    return "The listing was replaced by one per variation (user products): map those.";
  return `The listing is ${item.status}: MercadoLibre takes no quantity for it.`;
}

/** A user product's stock with the version that a write has to name. */
export interface VersionedStock {
  readonly stock: WireUserProductStock;
  readonly version: string | null;
}

/** What stands where the pool's units of a shared stock are shown. */
export type SharedQuantity =
  | { readonly ok: true; readonly quantity: number; readonly locations: readonly StoredLocation[] }
  | { readonly ok: false; readonly reason: string };

/** A depot's place in a user product's stock, as a write names it. */
export interface StoredLocation {
  readonly store_id: string;
  readonly network_node_id: string;
  readonly quantity: number;
  /** The pool's own: the others are written as they were read. */
  readonly isOurs: boolean;
}

/** The pool's part of a shared stock. Other depots of the seller are none of our business, and stay as they are. */
export function sharedQuantityOf(
  { stock }: VersionedStock,
  writer: Writer,
  seller: SellerTraits,
): SharedQuantity {
  if (writer.via === "seller_warehouse") return depotQuantityOf(stock, seller);
  const own = stock.locations.filter(({ type }) => type === "selling_address");
  return { ok: true, quantity: sum(own), locations: [] };
}

function depotQuantityOf({ locations }: WireUserProductStock, seller: SellerTraits): SharedQuantity {
  const depots = locations.flatMap(({ type, store_id: storeId, network_node_id: nodeId, quantity }) =>
    type === "seller_warehouse" ? { store_id: storeId ?? "", network_node_id: nodeId ?? "", quantity } : [],
  );
  const [first, ...others] = depots;
  if (first === undefined)
    return { ok: false, reason: "No depot holds this product: put it into one at MercadoLibre." };
  const ours = seller.storeId ?? (others.length === 0 ? first.store_id : null);
  if (ours === null) {
    const named = depots.map(({ store_id: id }) => id).join(", ");
    const reason = `The stock stands in several depots (${named}): name the pool's in the setting storeId.`;
    return { ok: false, reason };
  }
  const marked = depots.map((depot) => ({ ...depot, isOurs: depot.store_id === ours }));
  const pools = marked.filter(({ isOurs }) => isOurs);
  if (pools.length === 0)
    return {
      ok: false,
      reason: `The depot ${ours} does not hold this product: put it there at MercadoLibre.`,
    };
  return { ok: true, quantity: sum(pools), locations: marked };
}

function sum(parts: readonly { readonly quantity: number }[]): number {
  return parts.reduce((total, { quantity }) => total + quantity, 0);
}

/** What is known of a listing after reading it. */
export interface ReadListing {
  readonly address: ListingAddress;
  /** The items that sell it: one, but for a user product. */
  readonly items: readonly WireItem[];
  /** The number that the item, or its variation, shows. */
  readonly shown: number;
  readonly writer: Writer;
  /** The stock behind it, where that was read. */
  readonly shared: { readonly versioned: VersionedStock; readonly seller: SellerTraits } | null;
}

/** What one listing shows. */
export function toListingReading(read: ReadListing): ListingReading {
  const { address, items, shown, writer, shared } = read;
  const part = shared === null ? null : sharedQuantityOf(shared.versioned, writer, shared.seller);
  const version = versionOf(read);
  return {
    externalId: externalIdOf(address),
    quantity: part?.ok === true ? part.quantity : shown,
    status: [...new Set(items.map(statusOf))].join(" "),
    isBuyable: items.some(isOpen),
    notWritable: reasonOf(writer, part),
    ...(version === null ? {} : { version }),
  };
}

function versionOf({ writer, shared }: ReadListing): string | null {
  const isByVersion = writer.via === "selling_address" || writer.via === "seller_warehouse";
  return isByVersion ? (shared?.versioned.version ?? null) : null;
}

function reasonOf(writer: Writer, part: SharedQuantity | null): string | null {
  if (writer.via === "none") return writer.reason;
  return part?.ok === false ? part.reason : null;
}

function statusOf({ status, sub_status: subStatus }: WireItem): string {
  return (subStatus ?? []).length === 0 ? status : `${status}/${(subStatus ?? []).join(",")}`;
}

/** Out of stock, it opens by itself with the next unit; paused by the seller or for another reason, it does not. */
function isOpen({ status, sub_status: subStatus, tags }: WireItem): boolean {
  if (status === "active") return true;
  if (status !== "paused" || tags?.includes("moderation_penalty") === true) return false;
  return (subStatus ?? []).length > 0 && (subStatus ?? []).every((one) => one === "out_of_stock");
}
