import { type Marketplace, marketplaceOf } from "../marketplaces.ts";
import { type PatchOperation, selectorOf } from "./attribute-patch.ts";
import { type AttributeValue, type Issue, type Listing, MERCHANT_CHANNEL } from "./listing.ts";
import type { PatchRequest } from "./patch-request.ts";

/** Attributes that can be patched here. */
const knownAttributes = new Set([
  "fulfillment_availability",
  "purchasable_offer",
  "item_name",
  "condition_type",
  "list_price",
  "merchant_shipping_group",
]);

const availabilityFields = new Set([
  "fulfillment_channel_code",
  "quantity",
  "lead_time_to_ship_max_days",
  "restock_date",
  "is_inventory_available",
]);

/** Code and categories as in the official model's sandbox; the messages are ASSUMED. */
function invalid(attribute: string, message: string): Issue {
  const categories = ["INVALID_ATTRIBUTE"];
  return { code: "90000900", message, severity: "ERROR", attributeNames: [attribute], categories };
}

function missing(attribute: string, message: string): Issue {
  const categories = ["MISSING_ATTRIBUTE"];
  return { code: "90220", message, severity: "ERROR", attributeNames: [attribute], categories };
}

function isCount(value: unknown, max = Number.MAX_SAFE_INTEGER): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max;
}

const isDay = (value: unknown): boolean =>
  typeof value === "string" && /^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(Date.parse(value));

function quantityIssue(entry: AttributeValue): string | undefined {
  const { quantity, fulfillment_channel_code: channel } = entry;
  if (quantity === undefined) return undefined;
  // ASSUMED: the answer. That Amazon counts FBA stock itself and takes no number for it is documented.
  if (channel !== MERCHANT_CHANNEL) return `'quantity' cannot be set for the channel '${String(channel)}'.`;
  if (isCount(quantity)) return undefined;
  return `'${JSON.stringify(quantity)}' is not a valid value for 'quantity': a whole number from 0 up is expected.`;
}

function availabilityIssue(entry: AttributeValue, { fbaChannelCode }: Marketplace): string | undefined {
  const stranger = Object.keys(entry).find((name) => !availabilityFields.has(name));
  if (stranger !== undefined) return `'${stranger}' is not a field of 'fulfillment_availability'.`;
  const channel = entry.fulfillment_channel_code;
  if (channel !== MERCHANT_CHANNEL && channel !== fbaChannelCode) {
    return `'${String(channel)}' is not a valid value for 'fulfillment_channel_code'.`;
  }
  const { lead_time_to_ship_max_days: leadTimeDays, restock_date: restockDate } = entry;
  if (leadTimeDays !== undefined && !isCount(leadTimeDays, 365))
    return "'lead_time_to_ship_max_days' is invalid.";
  if (restockDate !== undefined && !isDay(restockDate)) return "'restock_date' is invalid.";
  return quantityIssue(entry);
}

function availabilityIssues(value: readonly AttributeValue[], marketplace: Marketplace): Issue[] {
  return value.flatMap((entry) => {
    if (entry.fulfillment_channel_code === undefined) {
      // The beginning is quoted by integrators.
      const message =
        "The field 'fulfillment_channel_code' does not have enough values. The required minimum is '1' value(s).";
      return [missing("fulfillment_availability", message)];
    }
    const message = availabilityIssue(entry, marketplace);
    return message === undefined ? [] : [invalid("fulfillment_availability", message)];
  });
}

/** The price that an offer entry asks for, if it holds one. */
export function priceIn(entry: AttributeValue): unknown {
  const [price] = Array.isArray(entry.our_price) ? (entry.our_price as AttributeValue[]) : [];
  const [step] = Array.isArray(price?.schedule) ? (price.schedule as AttributeValue[]) : [];
  return step?.value_with_tax;
}

function offerIssues(value: readonly AttributeValue[], marketplace: Marketplace): Issue[] {
  return value.flatMap((entry) => {
    if (entry.marketplace_id !== marketplace.id) {
      return [invalid("purchasable_offer", `'marketplace_id' must be '${marketplace.id}'.`)];
    }
    if (entry.currency !== marketplace.currencyCode) {
      return [invalid("purchasable_offer", `'currency' must be '${marketplace.currencyCode}'.`)];
    }
    const price = priceIn(entry);
    const isPrice = typeof price === "number" && Number.isFinite(price) && price > 0;
    if (entry.our_price === undefined || isPrice) return [];
    return [invalid("purchasable_offer", "'our_price' is invalid.")];
  });
}

function operationIssues({ attribute, value = [], op }: PatchOperation, marketplace: Marketplace): Issue[] {
  if (!knownAttributes.has(attribute)) return [invalid(attribute, "The attributes are invalid.")];
  const codes = value.map((entry) => selectorOf(attribute, entry));
  if (new Set(codes).size < codes.length) {
    return [invalid(attribute, "Two values have the same selectors.")];
  }
  if (op === "delete") return [];
  if (attribute === "fulfillment_availability") return availabilityIssues(value, marketplace);
  return attribute === "purchasable_offer" ? offerIssues(value, marketplace) : [];
}

/** What is wrong with the content of a patch: told with HTTP 200, and nothing of the patch is applied. */
export function issuesOf(listing: Listing, { productType, patches }: PatchRequest): Issue[] {
  const marketplace = marketplaceOf(listing.marketplaceId);
  // `PRODUCT` works for patches of the offer, integrators say.
  const known = productType === "PRODUCT" || productType === listing.productType;
  const wrongType = known
    ? []
    : [invalid("product_type", `The product type of the SKU is '${listing.productType}'.`)];
  return [...wrongType, ...patches.flatMap((patch) => operationIssues(patch, marketplace))];
}

/** ASSUMED: the model declares no 404 for a patch, so a SKU that does not exist is an issue. */
export function unknownSku(sku: string): Issue {
  return {
    code: "8560",
    message: `SKU ${sku} does not match any ASIN and is missing the attributes required to create one.`,
    severity: "ERROR",
    categories: ["MISSING_ATTRIBUTE"],
  };
}
