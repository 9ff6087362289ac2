import type { KeyedRandom } from "../../keyed-random.ts";
import { type Identifiers, legacyIdOf, uuidOf } from "../identifiers.ts";
import type { TrackedPlace } from "./tracked-place.ts";

/** A building, as the vendor calls it. */
export interface Site {
  /** Its name in the warehouse world. */
  facility: string;
  legacyId: number;
  uuid: string;
  identifier: string;
}

export interface Product {
  sku: string;
  legacyId: number;
  uuid: string;
  name: string;
  barcode: string;
  createdAt: number;
}

/** A place with a label on it. */
export interface Bin {
  legacyId: number;
  uuid: string;
  site: Site;
  name: string;
  zone: string;
  place: TrackedPlace;
  sellable: boolean;
  createdAt: number;
}

interface CatalogueParts {
  now: () => number;
  random: KeyedRandom;
  ids: Identifiers;
}

/** A row like `AA-05-01-01`, where an item is picked from. */
function shelfName(random: KeyedRandom, key: string): string {
  const two = (part: string, most: number): string =>
    String(random.between(`bin ${part}|${key}`, 1, most)).padStart(2, "0");
  const aisle = String.fromCodePoint(65 + random.between(`bin aisle|${key}`, 0, 25)).repeat(2);
  return [aisle, two("rack", 40), two("level", 6), two("slot", 12)].join("-");
}

const sharedBins: Record<Exclude<TrackedPlace, "shelf">, string> = {
  tote: "TOTES",
  quarantine: "QUARANTINE-01",
  damaged: "DAMAGED-01",
  returns: "RETURNS-01",
};

/** The vendor's names and ids of buildings, products and bins; each gets its own when it is first heard of. */
export class Catalogue {
  readonly #parts: CatalogueParts;
  readonly #sites = new Map<string, Site>();
  readonly #products = new Map<string, Product>();
  readonly #bins = new Map<string, Bin>();

  constructor(parts: CatalogueParts) {
    this.#parts = parts;
  }

  /** Gives a building a name and number of its own; one that has them keeps its number. */
  nameSite(
    facility: string,
    given: { legacyId?: number | undefined; identifier?: string | undefined },
  ): Site {
    const known = this.#sites.get(facility);
    const legacyId = known?.legacyId ?? given.legacyId ?? this.#parts.ids.next("Warehouse");
    const identifier = given.identifier ?? known?.identifier ?? facility;
    const site: Site = known ?? { facility, legacyId, uuid: uuidOf("Warehouse", legacyId), identifier };
    site.identifier = identifier;
    this.#sites.set(facility, site);
    return site;
  }

  siteOf(facility: string): Site {
    return this.#sites.get(facility) ?? this.nameSite(facility, {});
  }

  siteById(uuid: string): Site | undefined {
    return this.sites().find((site) => site.uuid === uuid);
  }

  sites(): Site[] {
    return [...this.#sites.values()];
  }

  nameProduct(sku: string, name?: string): Product {
    const known = this.#products.get(sku);
    if (known !== undefined) {
      known.name = name ?? known.name;
      return known;
    }
    const { ids, random, now } = this.#parts;
    const legacyId = ids.next("Product");
    const barcode = String(random.between(`barcode|${sku}`, 100_000_000_000, 999_999_999_999));
    const uuid = uuidOf("Product", legacyId);
    const product: Product = { sku, legacyId, uuid, name: name ?? sku, barcode, createdAt: now() };
    this.#products.set(sku, product);
    return product;
  }

  product(sku: string): Product | undefined {
    return this.#products.get(sku);
  }

  productById(uuid: string): Product | undefined {
    const legacyId = legacyIdOf("Product", uuid);
    return this.products().find((product) => product.legacyId === legacyId);
  }

  products(): Product[] {
    return [...this.#products.values()];
  }

  /** Where units of an item lie: a shelf has one label per item, the other places are shared. */
  binOf(facility: string, sku: string, place: TrackedPlace): Bin {
    const key = JSON.stringify(place === "shelf" ? [facility, place, sku] : [facility, place]);
    const known = this.#bins.get(key);
    if (known !== undefined) return known;
    const { ids, random, now } = this.#parts;
    const legacyId = ids.next("Bin");
    const bin: Bin = {
      legacyId,
      uuid: uuidOf("Bin", legacyId),
      site: this.siteOf(facility),
      name: place === "shelf" ? shelfName(random, key) : sharedBins[place],
      zone: place === "shelf" ? "Picking" : "Special",
      place,
      sellable: place === "shelf" || place === "tote",
      createdAt: now(),
    };
    this.#bins.set(key, bin);
    return bin;
  }

  binById(uuid: string): Bin | undefined {
    return this.bins().find((bin) => bin.uuid === uuid);
  }

  bins(): Bin[] {
    return [...this.#bins.values()];
  }
}
