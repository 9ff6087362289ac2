import type { KeyedRandom } from "../keyed-random.ts";

/** What has an id. The names are the vendor's: its ids are base64 of `<name>:<legacy id>`. */
export type Entity =
  | ("Account" | "User" | "Warehouse" | "Bin" | "Product" | "WarehouseProduct" | "InventoryChange")
  | ("Order" | "LineItem" | "Shipment" | "ShippedLineItem" | "ShippingLabel")
  | ("PurchaseOrder" | "PurchaseOrderLineItem" | "Vendor" | "Return" | "ReturnItem" | "Webhook");

export function uuidOf(entity: Entity, legacyId: number): string {
  return Buffer.from(`${entity}:${legacyId}`).toString("base64");
}

/** The number within an id of this kind; undefined when it is none. */
export function legacyIdOf(entity: Entity, uuid: string): number | undefined {
  const [name, number, ...rest] = Buffer.from(uuid, "base64").toString("utf8").split(":");
  const legacyId = Number(number);
  if (name !== entity || rest.length > 0 || !Number.isSafeInteger(legacyId)) return undefined;
  return uuidOf(entity, legacyId) === uuid ? legacyId : undefined;
}

/** Ids in the vendor's forms. */
export interface Identifiers {
  next(entity: Entity): number;
  /** As of a document of its database: 24 hexadecimal digits. */
  nextRequest(): string;
  nextSnapshot(): string;
}

export function createIdentifiers(random: KeyedRandom): Identifiers {
  const counts = new Map<string, number>();
  const nth = (kind: string): number => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count;
  };

  return {
    next: (entity) => random.between(`first ${entity}`, 1, 899) * 100_000 + nth(entity),
    nextRequest: () => random.hex(`request|${nth("request")}`, 24),
    nextSnapshot: () => random.hex(`snapshot|${nth("snapshot")}`, 24),
  };
}
