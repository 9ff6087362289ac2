import { closedSchema } from "./closed-schema.ts";
import { readReference } from "./reference-folder.ts";
import { type Check, compileCheck } from "./schema-check.ts";

const files: Record<string, string> = {
  ORDER_CHANGE: "OrderChangeNotification",
  LISTINGS_ITEM_MFN_QUANTITY_CHANGE: "ListingsItemMfnQuantityChange",
  LISTINGS_ITEM_STATUS_CHANGE: "ListingsItemStatusChangeNotification",
  FBA_INVENTORY_AVAILABILITY_CHANGES: "FBAInventoryAvailabilityChangeNotification",
};

/** The schema's own slip: it names the type with a D that neither its example nor the documentation has. */
const slips: Record<string, [string, string]> = {
  LISTINGS_ITEM_STATUS_CHANGE: ["LISTINGS_ITEM_STATUS_CHANGED", "LISTINGS_ITEM_STATUS_CHANGE"],
};

/** Checks whole notification documents of one type against its official schema. */
export function notificationCheck(type: string): Check {
  const file = files[type];
  if (file === undefined) throw new Error(`no schema for ${type}`);
  const text = JSON.stringify(closedSchema(readReference(`schemas/notifications/${file}.json`)));
  const [wrong, right] = slips[type] ?? ["", ""];
  return compileCheck(
    JSON.parse(wrong === "" ? text : text.replace(wrong, right)) as Record<string, unknown>,
  );
}
