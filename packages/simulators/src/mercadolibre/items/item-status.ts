import { standardError, type VendorAnswer, validationError } from "../vendor/vendor-answer.ts";
import { availableOf, type Item, type ItemStatus } from "./item.ts";

/** What `status` a seller may set, and with what sub_status. */
type SellerStatus = "active" | "paused" | "closed";

export function isSellerStatus(value: unknown): value is SellerStatus {
  return value === "active" || value === "paused" || value === "closed";
}

/**
 * The marketplace's own transition after stock changed: 0 pauses as out_of_stock, more wakes up again, but only
 * what sleeps for want of stock. A pause by the seller stays.
 */
export function statusAfterStock(item: Item): Pick<Item, "status" | "subStatus"> {
  const empty = availableOf(item) === 0;
  if (empty && item.status === "active") return { status: "paused", subStatus: ["out_of_stock"] };
  const sleepsForStock = item.status === "paused" && item.subStatus.includes("out_of_stock");
  if (!empty && sleepsForStock) return { status: "active", subStatus: [] };
  return { status: item.status, subStatus: item.subStatus };
}

/** The status after the seller asks for one, or the refusal. */
export function statusAskedFor(
  item: Item,
  asked: SellerStatus,
): Pick<Item, "status" | "subStatus"> | VendorAnswer {
  if (asked === "paused") return { status: "paused", subStatus: ["paused_by_seller"] };
  if (asked === "closed") return { status: "closed", subStatus: [] };
  if (availableOf(item) === 0) {
    return validationError(
      "item.status.invalid",
      "Validation error. Is not possible to activate an item without stock.",
      "item.status",
    );
  }
  return { status: "active", subStatus: [] };
}

const lockedStatuses = new Set<ItemStatus>(["under_review", "closed", "inactive", "payment_required"]);

/** The refusal of any change to an item that nobody may change, or undefined. */
export function refusalOfChange(item: Item): VendorAnswer | undefined {
  if (!lockedStatuses.has(item.status)) return undefined;
  const state = `Cannot update item ${item.id} [status:${item.status}, has_bids:false]`;
  return standardError(400, "validation_error", state);
}

/** The refusal of a change of stock, or undefined. `scope` is what the code begins with. */
export function refusalOfQuantity(item: Item, scope: "item" | "variations"): VendorAnswer | undefined {
  if (lockedStatuses.has(item.status)) {
    const state = `Cannot update item ${item.id} [status:${item.status}, has_bids:false]`;
    return standardError(400, "validation_error", `${state} available quantity is not modifiable.`);
  }
  if (item.logisticType === "fulfillment") {
    return validationError(
      `${scope}.available_quantity.not_modifiable`,
      "Available quantity is not modifiable in fulfillment items",
      `${scope}.available_quantity`,
    );
  }
  return undefined;
}

/** 0 is only for new things, and not for free listings. */
export function refusalOfZero(item: Item): VendorAnswer | undefined {
  if (item.condition === "new" && item.listingType !== "free") return undefined;
  return validationError(
    "item.available_quantity.invalid",
    "Available quantity cannot be 0 for used items or free listings",
    "item.available_quantity",
  );
}
