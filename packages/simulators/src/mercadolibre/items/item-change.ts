import { standardError, type VendorAnswer, validationError } from "../vendor/vendor-answer.ts";
import {
  isSellerStatus,
  refusalOfChange,
  refusalOfQuantity,
  refusalOfZero,
  statusAskedFor,
} from "./item-status.ts";
import type { Item } from "./item.ts";

/** What a `PUT /items/{id}` asks for, once it is known to be well formed. */
export interface ItemChange {
  /** A price that was given and is not written, since it is automated. */
  priceIgnored?: true;
  availableQuantity?: number;
  status?: Pick<Item, "status" | "subStatus">;
  price?: number;
  sellerCustomField?: string | null;
  sellerSku?: string;
  /** Variations to keep, with a new quantity where one is given. Those not named are deleted. */
  variations?: { id: number; availableQuantity?: number }[];
}

const AUTOMATED = "Cannot modify price on items with dynamic pricing";

/** Documented for a body with the price alone. */
const automatedPrice = standardError(400, "item.price.not_modifiable", AUTOMATED);

/** Documented for a body with other fields as well: 200, and this beside the item. */
export const automatedPriceWarning = {
  department: "items",
  cause_id: 502,
  code: "item.price.not_modifiable",
  message: AUTOMATED,
  references: ["item.price"],
};

type Fields = Record<string, unknown>;

const itemFields = [
  "available_quantity",
  "status",
  "price",
  "variations",
  "attributes",
  "seller_custom_field",
];
const variationFields = ["id", "available_quantity"];
/** ASSUMED; the shape of the message is the documented one for categories with a lower limit. */
const MOST_AVAILABLE = 99_999;

export function isVendorAnswer(value: object): value is VendorAnswer {
  return "status" in value && "body" in value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function typeName(value: unknown): string {
  if (value === null) return "Null";
  if (Array.isArray(value)) return "JSONArray";
  if (typeof value === "number") return Number.isInteger(value) ? "Integer" : "Double";
  const names: Partial<Record<string, string>> = { string: "String", boolean: "Boolean", object: "Map" };
  return names[typeof value] ?? typeof value;
}

function wrongType(field: string, expected: string, value: unknown): VendorAnswer {
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  // Documented the other way round from every other error: the code stands in `message`.
  return standardError(
    400,
    `[invalid property type: [${field}] expected ${expected} but was ${typeName(value)} value: ${shown}]`,
    "body.invalid_field_types",
  );
}

/** The refusal of fields that the call does not know, or undefined. */
function refusalOfUnknownFields(body: Fields, known: readonly string[]): VendorAnswer | undefined {
  const unknown = Object.keys(body).filter((field) => !known.includes(field));
  if (unknown.length === 0) return undefined;
  const error = `The fields [${unknown.join(", ")}] are invalid for requested call.`;
  return standardError(400, error, "body.invalid_fields");
}

/** The refusal of something that is no quantity, or undefined. */
function refusalOfQuantityValue(item: Item, field: string, value: unknown): VendorAnswer | undefined {
  if (typeof value !== "number") return wrongType(field, "Number", value);
  if (!Number.isInteger(value)) return wrongType(field, "Integer", value);
  if (value < 0) {
    const message = "Available quantity must be greater than or equal to 0";
    return validationError("item.available_quantity.invalid", message, "item.available_quantity");
  }
  if (value > MOST_AVAILABLE) {
    const message = `Available quantity max. value is ${MOST_AVAILABLE} for category ${item.categoryId}`;
    return validationError("item.available_quantity.invalid", message, "item.available_quantity");
  }
  return value === 0 ? refusalOfZero(item) : undefined;
}

function readQuantity(item: Item, body: Fields, change: ItemChange): VendorAnswer | undefined {
  const { available_quantity: quantity } = body;
  if (quantity === undefined) return undefined;
  if (item.variations.length > 0) {
    return validationError(
      "item.available_quantity.not_modifiable",
      "Available quantity is not modifiable in items with variations",
      "item.available_quantity",
    );
  }
  const refusal =
    refusalOfQuantity(item, "item") ?? refusalOfQuantityValue(item, "available_quantity", quantity);
  if (refusal === undefined) change.availableQuantity = Number(quantity);
  return refusal;
}

function readStatus(item: Item, body: Fields, change: ItemChange): VendorAnswer | undefined {
  if (body.status === undefined) return undefined;
  if (!isSellerStatus(body.status)) {
    return validationError(
      "item.status.invalid",
      `Status ${JSON.stringify(body.status)} is invalid`,
      "item.status",
    );
  }
  // Stock that comes in the same body counts: a sleeping item may be filled and woken in one call.
  const filled = change.availableQuantity ?? 0;
  const outcome =
    body.status === "active" && filled > 0
      ? { status: "active" as const, subStatus: [] }
      : statusAskedFor(item, body.status);
  if (isVendorAnswer(outcome)) return outcome;
  change.status = outcome;
  return undefined;
}

function readVariation(item: Item, entry: unknown, change: ItemChange): VendorAnswer | undefined {
  if (!isFields(entry)) return wrongType("variations", "Map", entry);
  const unknownFields = refusalOfUnknownFields(entry, variationFields);
  if (unknownFields !== undefined) return unknownFields;
  const variation = item.variations.find(({ id }) => id === entry.id);
  if (variation === undefined) {
    const message = `Variation ${JSON.stringify(entry.id)} does not belong to item ${item.id}`;
    return validationError("item.variations.id.invalid", message, "item.variations.id");
  }
  const { available_quantity: quantity } = entry;
  const kept = { id: variation.id };
  if (quantity === undefined) {
    change.variations?.push(kept);
    return undefined;
  }
  const refusal =
    refusalOfQuantity(item, "variations") ??
    refusalOfQuantityValue(item, "variations.available_quantity", quantity);
  if (refusal === undefined) change.variations?.push({ ...kept, availableQuantity: Number(quantity) });
  return refusal;
}

function readVariations(item: Item, body: Fields, change: ItemChange): VendorAnswer | undefined {
  if (body.variations === undefined) return undefined;
  if (!Array.isArray(body.variations)) return wrongType("variations", "JSONArray", body.variations);
  change.variations = [];
  for (const entry of body.variations as unknown[]) {
    const refusal = readVariation(item, entry, change);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function readPrice(item: Item, body: Fields, change: ItemChange): VendorAnswer | undefined {
  const { price } = body;
  if (price !== undefined) {
    if (typeof price !== "number") return wrongType("price", "Number", price);
    if (price <= 0) return validationError("item.price.invalid", "Price must be positive", "item.price");
    if (item.dynamicPricing && Object.keys(body).length === 1) return automatedPrice;
    if (item.dynamicPricing) change.priceIgnored = true;
    else change.price = price;
  }
  return undefined;
}

function readDetails(body: Fields, change: ItemChange): VendorAnswer | undefined {
  const { seller_custom_field: custom, attributes } = body;
  if (custom !== undefined) {
    if (custom !== null && typeof custom !== "string")
      return wrongType("seller_custom_field", "String", custom);
    change.sellerCustomField = custom;
  }
  if (attributes === undefined) return undefined;
  if (!Array.isArray(attributes)) return wrongType("attributes", "JSONArray", attributes);
  const sku = (attributes as unknown[]).filter(isFields).find(({ id }) => id === "SELLER_SKU");
  if (typeof sku?.value_name === "string") change.sellerSku = sku.value_name;
  return undefined;
}

/** Reads the body of a `PUT /items/{id}`; either all of it holds or nothing is changed. */
export function readItemChange(item: Item, body: unknown): ItemChange | VendorAnswer {
  if (!isFields(body)) return wrongType("body", "Map", body);
  const change: ItemChange = {};
  return (
    refusalOfUnknownFields(body, itemFields) ??
    readQuantity(item, body, change) ??
    refusalOfChange(item) ??
    readStatus(item, body, change) ??
    readVariations(item, body, change) ??
    readPrice(item, body, change) ??
    readDetails(body, change) ??
    change
  );
}

/** Reads the body of a `PUT /items/{id}/variations/{variationId}`. */
export function readVariationQuantity(item: Item, body: unknown): number | VendorAnswer {
  if (!isFields(body)) return wrongType("body", "Map", body);
  const quantity = body.available_quantity;
  return (
    refusalOfUnknownFields(body, ["available_quantity"]) ??
    refusalOfQuantity(item, "variations") ??
    refusalOfQuantityValue(item, "available_quantity", quantity) ??
    Number(quantity)
  );
}
