import { type Identifiers } from "./identifiers.ts";

/** A fulfillment center. The warehouse behind knows it by its name. */
export interface Facility {
  id: number;
  name: string;
  timezone: string;
}

/** An inventory item with the product and variant that sell it. The warehouse behind knows it by its SKU. */
export interface CatalogueItem {
  inventoryId: number;
  productId: number;
  variantId: number;
  sku: string;
  name: string;
  isActive: boolean;
  /** Came into being with an order that named it; nothing of it was ever received. */
  isUnknown: boolean;
  createdAt: number;
}

/** An application's installation: reads may span all of them, writes stand in one. */
export interface Channel {
  id: number;
  name: string;
  applicationName: string;
  scopes: string[];
}

interface NewItem {
  sku: string;
  name?: string | undefined;
  inventoryId?: number | undefined;
  isUnknown?: boolean | undefined;
}

/** What a merchant has at the keeper: places, things, channels. */
export class Catalogue {
  readonly facilities = new Map<number, Facility>();
  readonly channels = new Map<number, Channel>();
  readonly #itemsById = new Map<number, CatalogueItem>();
  readonly #itemsBySku = new Map<string, CatalogueItem>();
  readonly #ids: Identifiers;
  readonly #now: () => number;

  constructor(ids: Identifiers, now: () => number) {
    this.#ids = ids;
    this.#now = now;
  }

  items(): CatalogueItem[] {
    return [...this.#itemsById.values()];
  }

  item(inventoryId: number): CatalogueItem | undefined {
    return this.#itemsById.get(inventoryId);
  }

  bySku(sku: string): CatalogueItem | undefined {
    return this.#itemsBySku.get(sku);
  }

  byProduct(productId: number): CatalogueItem | undefined {
    return this.items().find((item) => item.productId === productId);
  }

  /** The item behind a SKU that the warehouse knows; made when it was not there. */
  ensure({ sku, name = sku, inventoryId, isUnknown = false }: NewItem): CatalogueItem {
    const known = this.#itemsBySku.get(sku);
    if (known !== undefined) {
      known.name = name === sku ? known.name : name;
      known.isUnknown &&= isUnknown;
      return known;
    }
    if (inventoryId !== undefined && this.#itemsById.has(inventoryId)) {
      throw new RangeError(`inventory id ${inventoryId} is taken`);
    }
    const item: CatalogueItem = {
      inventoryId: inventoryId ?? this.#ids.next("inventory"),
      productId: this.#ids.next("product"),
      variantId: this.#ids.next("variant"),
      sku,
      name,
      isActive: true,
      isUnknown,
      createdAt: this.#now(),
    };
    this.#itemsById.set(item.inventoryId, item);
    this.#itemsBySku.set(sku, item);
    return item;
  }

  facilityNamed(name: string): Facility | undefined {
    return [...this.facilities.values()].find((facility) => facility.name === name);
  }
}
