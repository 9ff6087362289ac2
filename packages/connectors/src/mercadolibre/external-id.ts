import type { ConnectorError } from "../contract/connector-error.ts";

/**
 * What can be mapped and written at MercadoLibre: an item (`MLM123`), one variation of it (`MLM123:456`), or a user product
 * (`MLMU123`), the stock that all items of it share.
 */
export type ListingAddress =
  | { readonly kind: "item"; readonly itemId: string; readonly variationId: string | null }
  | { readonly kind: "user_product"; readonly userProductId: string };

const ITEM = /^([A-Z]{3}\d{1,15})(?::(\d{1,20}))?$/;
const USER_PRODUCT = /^[A-Z]{3}U\d{1,15}$/;

/** Takes an external id apart; null when it is none. */
export function parseExternalId(externalId: string): ListingAddress | null {
  if (USER_PRODUCT.test(externalId)) return { kind: "user_product", userProductId: externalId };
  const [, itemId, variationId] = ITEM.exec(externalId) ?? [];
  return itemId === undefined ? null : { kind: "item", itemId, variationId: variationId ?? null };
}

export function externalIdOf(address: ListingAddress): string {
  if (address.kind === "user_product") return address.userProductId;
  const { itemId, variationId } = address;
  return variationId === null ? itemId : `${itemId}:${variationId}`;
}

export function notAnExternalId(externalId: string): ConnectorError {
  const message = `${externalId} is no MercadoLibre listing: write MLM123, MLM123:456 for a variation, or MLMU123 for a user product.`;
  return { kind: "rejected", code: "unknown_external_id", message };
}
