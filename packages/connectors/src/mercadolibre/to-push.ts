import type { ConnectorError } from "../contract/connector-error.ts";
import type { PushReceipt } from "../contract/connector.ts";
import { capability } from "./capability.ts";
import type { ApiCall } from "./client.ts";
import type { StoredLocation, Writer } from "./to-listing.ts";
import type { WireWritten } from "./wire.ts";

/** A quantity that no listing takes, as the error that says so; null for one that can be asked for. */
export function quantityProblem(quantity: number): ConnectorError | null {
  if (Number.isInteger(quantity) && quantity >= 0 && quantity <= capability.quantityMax) return null;
  const message = `${quantity} is not a quantity MercadoLibre takes: 0 to ${capability.quantityMax}.`;
  return { kind: "rejected", code: "quantity_out_of_range", message };
}

/**
 * The one request that sets an item's quantity. Never with a price beside it (the item may be under price automation), and a
 * variation by its own address: a `variations[]` that names only some deletes the others (DOC:variaciones, VIGA).
 */
export function toItemPush(
  writer: Writer & { readonly via: "item" | "variation" },
  quantity: number,
): ApiCall {
  const item = `/items/${writer.itemId}`;
  const path = writer.via === "item" ? item : `${item}/variations/${writer.variationId}`;
  return { method: "PUT", path, json: { available_quantity: quantity } };
}

/**
 * The one request that sets a user product's quantity, if nothing moved since that version. All depots are named, the others
 * as they were read: what happens to one that is left out is not documented.
 */
export function toSharedPush(
  writer: Writer & { readonly via: "selling_address" | "seller_warehouse" },
  push: {
    readonly quantity: number;
    readonly version: string;
    readonly locations: readonly StoredLocation[];
  },
): ApiCall {
  const locations = push.locations.map(({ isOurs, ...depot }) => ({
    ...depot,
    quantity: isOurs ? push.quantity : depot.quantity,
  }));
  return {
    method: "PUT",
    path: `/user-products/${writer.userProductId}/stock/type/${writer.via}`,
    headers: { "x-version": push.version },
    json: writer.via === "selling_address" ? { quantity: push.quantity } : { locations },
  };
}

/** What the answer to a write says the listing will show; an answer without a body says nothing. */
export function toReceipt(written: WireWritten, writer: Writer): PushReceipt {
  if (written === null || "locations" in written) return { quantity: null };
  if (!Array.isArray(written)) return { quantity: written.available_quantity };
  const variationId = writer.via === "variation" ? writer.variationId : null;
  return { quantity: written.find(({ id }) => id === variationId)?.available_quantity ?? null };
}
