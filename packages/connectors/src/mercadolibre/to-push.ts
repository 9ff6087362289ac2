import type { ConnectorError } from "../contract/connector-error.ts";
import type { PushReceipt, QuantityPush } from "../contract/connector.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import { capability } from "./capability.ts";
import type { ApiCall } from "./client.ts";
import type { WireWritten } from "./wire.ts";

/** A listing of ours at MercadoLibre: an item, or one variation of it, written `MLM123` or `MLM123:456`. */
export interface ListingAddress {
  readonly itemId: string;
  readonly variationId: string | null;
}

const EXTERNAL_ID = /^([A-Z]{3}\d{1,15})(?::(\d{1,20}))?$/;

/** Takes an external id apart; null when it is none. */
export function parseExternalId(externalId: string): ListingAddress | null {
  const [, itemId, variationId] = EXTERNAL_ID.exec(externalId) ?? [];
  return itemId === undefined ? null : { itemId, variationId: variationId ?? null };
}

export function externalIdOf({ itemId, variationId }: ListingAddress): string {
  return variationId === null ? itemId : `${itemId}:${variationId}`;
}

/**
 * The one request that sets a quantity. Never with a price beside it (the item may be under price automation), and a
 * variation by its own address: a `variations[]` that names only some deletes the others (DOC:variaciones, VIGA).
 */
export function toPushRequest({ externalId, quantity }: QuantityPush): Outcome<ApiCall> {
  const address = parseExternalId(externalId);
  if (address === null) return failed(notAnExternalId(externalId));
  if (quantity < 0 || quantity > capability.quantityMax) {
    const message = `${quantity} is not a quantity MercadoLibre takes: 0 to ${capability.quantityMax}.`;
    return failed({ kind: "rejected", code: "quantity_out_of_range", message });
  }
  const { itemId, variationId } = address;
  const path = variationId === null ? `/items/${itemId}` : `/items/${itemId}/variations/${variationId}`;
  return succeeded({ method: "PUT", path, json: { available_quantity: quantity } });
}

/** What the answer to a write says the listing will show. */
export function toReceipt(written: WireWritten, externalId: string): PushReceipt {
  if (!Array.isArray(written)) return { quantity: written.available_quantity };
  const variationId = parseExternalId(externalId)?.variationId;
  return { quantity: written.find(({ id }) => id === variationId)?.available_quantity ?? null };
}

export function notAnExternalId(externalId: string): ConnectorError {
  const message = `${externalId} is no MercadoLibre listing: write MLM123, or MLM123:456 for a variation.`;
  return { kind: "rejected", code: "unknown_external_id", message };
}
