// What a keeper's codes mean here: settings of its connection, read without trusting them.
import type { Component } from "../../ledger/records.ts";
import type { Units } from "../../ledger/units.ts";

export interface KeeperMap {
  /** Our location by the keeper's facility. */
  readonly locations: ReadonlyMap<string, string>;
  /** What an item is made of, where the keeper calls a SKU otherwise than we do. */
  readonly items: ReadonlyMap<string, readonly Component[]>;
  /** Channels whose orders are given to this keeper; null: not said. */
  readonly sendsOrders: readonly string[] | null;
  /** The most units of a find that are booked without a person; null: a share of what lies there. */
  readonly bookDriftUpTo: Units | null;
  readonly returnOverdueDays: number;
}

const RETURN_OVERDUE_DAYS = 30;

/** The settings' part that says what the keeper's codes mean; what makes no sense is left out, so that its facts wait. */
export function readKeeperMap(settings: unknown): KeeperMap {
  const said = record(settings);
  const { sendsOrders, bookDriftUpTo, returnOverdueDays } = said;
  return {
    locations: new Map(
      Object.entries(record(said["locations"])).flatMap(([facility, code]) =>
        typeof code === "string" && code !== "" ? [[facility, code] as const] : [],
      ),
    ),
    items: new Map(
      Object.entries(record(said["items"])).flatMap(([item, named]) => {
        const components = componentsOf(named);
        return components.length === 0 ? [] : [[item, components] as const];
      }),
    ),
    sendsOrders: Array.isArray(sendsOrders)
      ? sendsOrders.filter((code): code is string => typeof code === "string")
      : null,
    bookDriftUpTo: isCount(bookDriftUpTo) ? bookDriftUpTo : null,
    returnOverdueDays:
      isCount(returnOverdueDays) && returnOverdueDays > 0 ? returnOverdueDays : RETURN_OVERDUE_DAYS,
  };
}

/** What a keeper's item is made of, for each unit of it. */
export function componentsOfItem(map: KeeperMap, item: string): readonly Component[] {
  return map.items.get(item) ?? [{ sku: item, units: 1 }];
}

/** Items that are made of a SKU, for SKUs that the keeper has several of. */
export function sharedItems({ items }: KeeperMap): ReadonlyMap<string, readonly string[]> {
  const bySku = new Map<string, Set<string>>();
  for (const [item, components] of items) {
    for (const { sku } of components) {
      // An item of the SKU's own code is that SKU, unless the settings say otherwise.
      const known = bySku.get(sku) ?? new Set(items.has(sku) ? [] : [sku]);
      bySku.set(sku, known.add(item));
    }
  }
  return new Map([...bySku].flatMap(([sku, its]) => (its.size > 1 ? [[sku, [...its]] as const] : [])));
}

function componentsOf(named: unknown): readonly Component[] {
  if (typeof named === "string") return named === "" ? [] : [{ sku: named, units: 1 }];
  if (!Array.isArray(named)) return [];
  const components = named.map((one) => record(one));
  const isWhole = components.every(
    ({ sku, units }) => typeof sku === "string" && sku !== "" && isCount(units) && units > 0,
  );
  return isWhole ? components.map(({ sku, units }) => ({ sku: sku as string, units: units as Units })) : [];
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
