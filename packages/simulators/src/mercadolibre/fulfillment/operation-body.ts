import type { Seller } from "../seller.ts";
import { type Operation, unavailableStatuses } from "./inventory.ts";

function detailOf(unavailable: Operation["unavailableBy"]): { status: string; quantity: number }[] {
  return unavailableStatuses.flatMap((status) => {
    const quantity = unavailable[status] ?? 0;
    return quantity === 0 ? [] : [{ status, quantity }];
  });
}

const sum = (details: { quantity: number }[]): number =>
  details.reduce((total, { quantity }) => total + quantity, 0);

/** One row of the ledger of Full, as documented. */
export function operationBody(operation: Operation, seller: Seller): Record<string, unknown> {
  const moved = detailOf(operation.unavailableBy);
  const result = detailOf(operation.resultUnavailable);
  return {
    id: operation.id,
    seller_id: seller.userId,
    inventory_id: operation.inventoryId,
    date_created: new Date(operation.at).toISOString().replace(/\.\d{3}Z$/, "Z"),
    type: operation.type,
    detail: {
      available_quantity: operation.availableBy,
      ...(moved.length === 0 ? {} : { not_available_quantity: sum(moved) }),
      not_available_detail: moved,
    },
    result: {
      total: operation.resultAvailable + sum(result),
      available_quantity: operation.resultAvailable,
      not_available_quantity: sum(result),
      not_available_detail: result,
    },
    external_references: operation.references,
  };
}
