import { uuidOf } from "../identifiers.ts";
import type { Catalogue } from "../inventory/catalogue.ts";
import { availableOf, type Level, type LevelBook } from "../inventory/level-book.ts";
import { trackedPlaces } from "../inventory/tracked-place.ts";
import type { OwnAccount } from "../own-account.ts";
import type { Settings } from "../settings.ts";
import { vendorTime } from "../vendor-time.ts";
import type { SnapshotJob } from "./snapshot-job.ts";

interface FileParts {
  catalogue: Catalogue;
  levels: LevelBook;
  account: OwnAccount;
  settings: () => Settings;
}

function binsOf({ catalogue }: FileParts, { facility, sku, places }: Level): object {
  const filled = trackedPlaces.filter((place) => place !== "tote" && places[place] > 0);
  return Object.fromEntries(
    filled.map((place) => {
      const bin = catalogue.binOf(facility, sku, place);
      const row = {
        location_id: bin.uuid,
        location_name: bin.name,
        lot_id: null,
        lot_name: null,
        expiration_date: null,
        sellable: bin.sellable,
        quantity: places[place],
      };
      return [bin.uuid, row];
    }),
  );
}

/** One product with its buildings, as it is at this moment. */
export function snapshotRow(parts: FileParts, sku: string, read: readonly Level[]): object {
  const { catalogue, account, levels } = parts;
  const product = catalogue.nameProduct(sku);
  const warehouses = read.map((level) => {
    const site = catalogue.siteOf(level.facility);
    const row = {
      warehouse_id: site.uuid,
      warehouse_identifier: site.identifier,
      on_hand: level.onHand,
      allocated: level.allocated,
      backorder: levels.backorderOf(level.facility, sku),
      available: availableOf(level),
      reserve: level.reserve,
      non_sellable: level.nonSellable,
      sell_ahead: level.sellAhead,
      qty_in_totes: level.inTote,
      item_bins: binsOf(parts, level),
    };
    return [site.uuid, row];
  });
  return {
    sku,
    account_id: account.uuid,
    product_id: uuidOf("Product", product.legacyId),
    name: product.name,
    barcode: product.barcode,
    dimensions: [],
    thumbnail: null,
    large_thumbnail: null,
    vendors: {},
    warehouse_products: Object.fromEntries(warehouses),
  };
}

/** The file behind the link. It says when the walk began, not when it ended, nor when each row was read. */
export function snapshotFile(
  { account, catalogue, settings }: FileParts,
  job: SnapshotJob,
  { startedAt, rows }: { startedAt: number; rows: ReadonlyMap<string, object> },
): string {
  const products = Object.fromEntries(rows);
  return JSON.stringify({
    snapshot_id: job.id,
    warehouse_id: job.facility === null ? null : catalogue.siteOf(job.facility).uuid,
    customer_account_id: null,
    snapshot_started_at: vendorTime(startedAt),
    products: settings().snapshots.format === "by_account" ? { [account.uuid]: products } : products,
  });
}
