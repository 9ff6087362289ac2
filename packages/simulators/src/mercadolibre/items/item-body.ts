import { siteOf } from "../seller.ts";
import { utcTime } from "../vendor/vendor-time.ts";
import { availableOf, type Item, type Variation } from "./item.ts";

/** Who looks: only the owner sees exact quantities and private fields. */
export interface View {
  ownerId: number;
  isOwner: boolean;
  /** `include_attributes=all`: attributes of variations are left out without it. */
  allAttributes: boolean;
}

/** Upper ends of the steps in which everybody else sees a quantity, and what is shown there (DOC:items-y-busquedas). */
const publicSteps = [
  [0, 0],
  [50, 1],
  [100, 50],
  [150, 100],
  [200, 150],
  [250, 200],
  [500, 250],
  [5_000, 500],
  [50_000, 5_000],
] as const;

/** A quantity as shown to whoever does not own the item. */
function publicQuantity(quantity: number): number {
  return publicSteps.find(([upTo]) => quantity <= upTo)?.[1] ?? 50_000;
}

function skuAttribute(sku: string): Record<string, unknown> {
  const value = { id: null, name: sku, struct: null };
  return {
    id: "SELLER_SKU",
    name: "SKU",
    value_id: null,
    value_name: sku,
    values: [value],
    value_type: "string",
  };
}

function attributesOf(item: Item): Record<string, unknown>[] {
  const condition = item.condition === "new" ? "Nuevo" : "Usado";
  return [
    { id: "ITEM_CONDITION", name: "Condición del ítem", value_name: condition, value_type: "list" },
    ...(item.sellerSku === null ? [] : [skuAttribute(item.sellerSku)]),
  ];
}

/** One entry of `variations`. */
export function variationBody(item: Item, variation: Variation, view: View): Record<string, unknown> {
  const { available, sold } = variation.stock;
  return {
    id: variation.id,
    price: item.price,
    attribute_combinations: [{ id: "SIZE", name: "Talla", value_id: null, value_name: variation.label }],
    available_quantity: view.isOwner ? available : publicQuantity(available),
    sold_quantity: view.isOwner ? sold : publicQuantity(sold),
    sale_terms: [],
    picture_ids: [],
    seller_custom_field: view.isOwner ? variation.sellerCustomField : null,
    catalog_product_id: null,
    inventory_id: variation.inventoryId,
    item_relations: [],
    user_product_id: variation.userProductId,
    ...(view.allAttributes
      ? { attributes: variation.sellerSku === null ? [] : [skuAttribute(variation.sellerSku)] }
      : {}),
  };
}

/** `GET /items/{id}`. */
export function itemBody(item: Item, view: View): Record<string, unknown> {
  const available = availableOf(item);
  const sold = item.stock.sold + item.variations.reduce((total, { stock }) => total + stock.sold, 0);
  const site = item.siteId;
  return {
    id: item.id,
    site_id: site,
    title: item.title,
    family_name: item.familyName,
    family_id: item.familyId,
    seller_id: view.ownerId,
    category_id: item.categoryId,
    user_product_id: item.userProductId,
    official_store_id: null,
    price: item.price,
    base_price: item.price,
    original_price: null,
    inventory_id: item.inventoryId,
    currency_id: siteOf(site).currency,
    initial_quantity: item.initialQuantity,
    available_quantity: view.isOwner ? available : publicQuantity(available),
    sold_quantity: view.isOwner ? sold : publicQuantity(sold),
    sale_terms: [],
    buying_mode: "buy_it_now",
    listing_type_id: item.listingType,
    start_time: utcTime(item.createdAt),
    stop_time: utcTime(item.createdAt + 20 * 365 * 86_400_000),
    condition: item.condition,
    permalink: `https://articulo.mercadolibre.com/${site}-${item.id.slice(3)}`,
    pictures: [],
    video_id: null,
    descriptions: [],
    accepts_mercadopago: true,
    non_mercado_pago_payment_methods: [],
    shipping: {
      mode: item.logisticType === "not_specified" ? "not_specified" : "me2",
      methods: [],
      tags: item.shippingTags,
      dimensions: null,
      local_pick_up: false,
      free_shipping: false,
      logistic_type: item.logisticType,
      store_pick_up: false,
    },
    international_delivery_mode: "none",
    seller_custom_field: view.isOwner ? item.sellerCustomField : null,
    parent_item_id: item.parentItemId,
    attributes: attributesOf(item),
    variations: item.variations.map((variation) => variationBody(item, variation, view)),
    status: item.status,
    sub_status: item.subStatus,
    tags: item.tags,
    warranty: null,
    catalog_product_id: null,
    domain_id: null,
    date_created: utcTime(item.createdAt),
    last_updated: utcTime(item.lastUpdatedAt),
    health: null,
    catalog_listing: item.catalogListing,
    automatic_relist: false,
    channels: ["marketplace"],
  };
}

/** The body with only the fields of an `attributes` list; names that do not exist are ignored. */
export function selectFields(
  body: Record<string, unknown>,
  fields: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([field]) => fields.includes(field)));
}
