import { uuidOf } from "../identifiers.ts";
import type { OwnAccount } from "../own-account.ts";
import { spacedVendorTime } from "../vendor-time.ts";
import type { World } from "../world.ts";
import type { InventoryChange } from "./change-log.ts";
import { type Level, sellableInventoryOf } from "./level-book.ts";

function accountFields({ legacyId, uuid }: OwnAccount): object {
  return { account_id: legacyId, account_uuid: uuid };
}

/** Mind the types: some numbers are strings. */
function levelFields(levels: readonly Level[], backorder: number): object {
  const sum = (figure: (level: Level) => number): number =>
    levels.reduce((total, level) => total + figure(level), 0);
  return {
    inventory: String(sum(sellableInventoryOf)),
    backorder_quantity: String(backorder),
    on_hand: String(sum(({ onHand }) => onHand)),
    sell_ahead: sum(({ sellAhead }) => sellAhead),
    qty_in_totes: sum(({ inTote }) => inTote),
    reserve: sum(({ reserve }) => reserve),
    non_sellable: sum(({ nonSellable }) => nonSellable),
  };
}

/** "Inventory Update": totals of the account, and within them the building that changed. No time stands in it. */
export function inventoryUpdateBody(
  { account, levels, catalogue }: Pick<World, "account" | "levels" | "catalogue">,
  changed: Level,
): object {
  const { facility, sku } = changed;
  const all = levels.latestOfSku(sku);
  const site = catalogue.siteOf(facility);
  const backorder = all.reduce((sum, level) => sum + levels.backorderOf(level.facility, sku), 0);
  return {
    ...accountFields(account),
    webhook_type: "Inventory Update",
    inventory: [
      {
        sku,
        virtual: false,
        ...levelFields(all, backorder),
        updated_warehouse: {
          warehouse_id: site.legacyId,
          warehouse_uuid: site.uuid,
          identifier: site.identifier,
          ...levelFields([changed], levels.backorderOf(facility, sku)),
        },
      },
    ],
  };
}

/** "Inventory Change": one bin, what lay in it before and after, and the building's on hand before. */
export function inventoryChangeBody({ account }: Pick<World, "account">, change: InventoryChange): object {
  const { bin } = change;
  return {
    webhook_type: "Inventory Change",
    ...accountFields(account),
    warehouse_id: bin.site.legacyId,
    warehouse_uuid: bin.site.uuid,
    user_id: account.userLegacyId,
    user_uuid: uuidOf("User", account.userLegacyId),
    sku: change.sku,
    quantity: change.quantity,
    old_quantity: change.oldQuantity,
    location_name: bin.name,
    previous_on_hand: change.previousOnHand,
    timestamp: spacedVendorTime(change.at),
    reason: change.reason,
    source: change.source,
    lot_id: null,
    lot_uuid: null,
    lot_expiration: null,
  };
}
