import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import type { ShipBobClient } from "./client.ts";
import { itemOf, numberIn } from "./to-item.ts";
import { inventorySchema } from "./wire.ts";

/** A SKU can be renamed: what was learned is asked again after this time, in milliseconds. */
const KEPT_MS = 3_600_000;

/** Numbers that one call may name: they stand in its address. */
const IDS_PER_CALL = 50;

/** A search finds every SKU that contains what was searched; so many pages of it are looked through. */
const SEARCH_PAGES = 4;

const PAGE_SIZE = "250";

/** Which SKU an inventory item's number stands for, and the other way round: ShipBob tells now the one, now the other. */
export class InventoryDirectory {
  private readonly client: ShipBobClient;
  private readonly clock: { now(): number };
  private readonly items = new Map<string, { readonly item: string; readonly at: number }>();
  private readonly numbers = new Map<string, { readonly inventoryId: string; readonly at: number }>();

  constructor(client: ShipBobClient, clock: { now(): number }) {
    this.client = client;
    this.clock = clock;
  }

  learn(inventoryId: string, sku: string | null | undefined): void {
    const item = itemOf(inventoryId, sku);
    const at = this.clock.now();
    this.items.set(inventoryId, { item, at });
    this.numbers.set(item, { inventoryId, at });
  }

  /** Names of inventory items. One that ShipBob does not list is called by its number. */
  async itemsOf(inventoryIds: Iterable<string>): Promise<Outcome<(inventoryId: string) => string>> {
    const missing = [...new Set(inventoryIds)].filter((id) => !this.isFresh(this.items.get(id)));
    for (let from = 0; from < missing.length; from += IDS_PER_CALL) {
      const ids = missing.slice(from, from + IDS_PER_CALL).join(",");
      const query = { InventoryIds: ids, PageSize: PAGE_SIZE };
      const page = await this.client.call(inventorySchema, { method: "GET", path: "/inventory", query });
      if (!page.ok) return page;
      for (const { inventory_id: id, sku } of page.value.items) this.learn(id, sku);
    }
    return succeeded((id) => this.items.get(id)?.item ?? itemOf(id, null));
  }

  /** Numbers of items; those that ShipBob does not have are left out. */
  async numbersOf(items: readonly string[]): Promise<Outcome<ReadonlyMap<string, string>>> {
    const found = new Map<string, string>();
    for (const item of items) {
      const inventoryId = await this.numberOf(item);
      if (!inventoryId.ok) return inventoryId;
      if (inventoryId.value !== null) found.set(item, inventoryId.value);
    }
    return succeeded(found);
  }

  /** The same, all of which have to be there. */
  async numbersOfAll(items: readonly string[]): Promise<Outcome<(item: string) => string>> {
    const found = await this.numbersOf(items);
    if (!found.ok) return found;
    const unknown = items.find((item) => !found.value.has(item));
    if (unknown === undefined) return succeeded((item) => found.value.get(item) ?? "");
    return failed({ kind: "rejected", code: "unknown_item", message: `ShipBob has no item ${unknown}.` });
  }

  private async numberOf(item: string): Promise<Outcome<string | null>> {
    const known = this.numbers.get(item);
    if (known !== undefined && this.isFresh(known)) return succeeded(known.inventoryId);
    const number = numberIn(item);
    if (number !== null) return succeeded(number);
    let query = new URLSearchParams({ SearchBy: item, PageSize: PAGE_SIZE });
    for (let pages = 0; pages < SEARCH_PAGES; pages++) {
      const page = await this.client.call(inventorySchema, { method: "GET", path: "/inventory", query });
      if (!page.ok) return page;
      for (const { inventory_id: id, sku } of page.value.items) this.learn(id, sku);
      const found = page.value.items.find(({ sku }) => sku === item);
      if (found !== undefined) return succeeded(found.inventory_id);
      const next = queryOf(page.value.next);
      if (next === null) break;
      query = new URLSearchParams(next);
    }
    return succeeded(null);
  }

  private isFresh(known: { readonly at: number } | undefined): boolean {
    return known !== undefined && this.clock.now() - known.at < KEPT_MS;
  }
}

/** What a link to the next page asks for. Only that: the token goes to the address that we know. */
export function queryOf(link: string | null | undefined): string | null {
  const query = link?.split("?")[1]?.split("#")[0];
  return query === undefined || query === "" ? null : query;
}
