import type { CatalogueItem } from "../catalogue.ts";
import { type PageLinks, pageLinks } from "../vendor/paging.ts";
import { numbersIn, readQuery, wholeNumber } from "../vendor/query.ts";
import { badRequest, type VendorAnswer } from "../vendor/vendor-answer.ts";
import type { World } from "../world.ts";

/** `Cursor` is what the links to further pages carry; the rest is documented. */
const parameters = [
  "SearchBy",
  "InventoryIds",
  "IsActive",
  "IsDigital",
  "PageSize",
  "SortBy",
  "LocationId",
  "LocationType",
  "FilterOperations",
  "Cursor",
] as const;

/** A page of the catalogue, as every inventory list is asked for. */
export interface ItemPage {
  items: CatalogueItem[];
  links: PageLinks;
  locationId: number | null;
}

/** Exact by id, by any part of name or SKU, documented (whatever the case, ASSUMED). */
function isFoundBy({ inventoryId, name, sku }: CatalogueItem, search: string): boolean {
  const word = search.toLowerCase();
  return (
    String(inventoryId) === search || name.toLowerCase().includes(word) || sku.toLowerCase().includes(word)
  );
}

interface Sieve {
  search: string | undefined;
  ids: number[] | undefined;
  isActive: string | undefined;
  isDigital: string | undefined;
}

function passes(item: CatalogueItem, { search, ids, isActive, isDigital }: Sieve): boolean {
  return (
    (search === undefined || isFoundBy(item, search)) &&
    (ids === undefined || ids.includes(item.inventoryId)) &&
    (isActive === undefined || String(item.isActive) === isActive) &&
    isDigital !== "true"
  );
}

/** Reads a list's query and cuts its page; pages follow each other by number, over a list that may change in between. */
export function itemPage(world: World, path: string, raw: unknown): ItemPage | { wrong: VendorAnswer } {
  const read = readQuery(raw, parameters);
  if ("wrong" in read) return read;
  const { query } = read;
  const ids = numbersIn(query.InventoryIds);
  if (ids === null) return { wrong: badRequest("InventoryIds", "must be numbers separated by commas.") };
  const size = wholeNumber(query.PageSize, { min: 1, max: 250, fallback: 50 });
  if (size === undefined) return { wrong: badRequest("PageSize", "must be between 1 and 250.") };
  const page = wholeNumber(query.Cursor, { min: 1, max: 1_000_000, fallback: 1 });
  if (page === undefined) return { wrong: badRequest("Cursor", "is not a cursor.") };
  const locationId = query.LocationId === undefined ? null : Number(query.LocationId);
  const { SearchBy: search, IsActive: isActive, IsDigital: isDigital } = query;
  const all = world.catalogue
    .items()
    .filter((item) => passes(item, { search, ids, isActive, isDigital }))
    .toSorted((a, b) => a.inventoryId - b.inventoryId);
  const items = all.slice((page - 1) * size, page * size);
  const pages = Math.max(1, Math.ceil(all.length / size));
  return { items, locationId, links: pageLinks({ path, query, parameter: "Cursor", page, pages }) };
}
