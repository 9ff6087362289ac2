import { z } from "zod";

import { layStock } from "../warehouse/stock-acts.ts";
import type { World } from "./world.ts";

const units = z.number().int().min(0).max(1_000_000);

/** `PUT /_sim/account`: what the merchant has at the keeper. Merged into what is there. */
export const accountSchema = z.strictObject({
  /** The personal access token that is accepted from now on. */
  token: z.string().min(8).optional(),
  facilities: z
    .array(
      z.strictObject({
        id: z.number().int().positive(),
        name: z.string().min(1),
        timezone: z.string().optional(),
      }),
    )
    .default([]),
  channels: z
    .array(
      z.strictObject({
        id: z.number().int().positive(),
        name: z.string().min(1),
        applicationName: z.string().optional(),
        scopes: z.array(z.string()).optional(),
      }),
    )
    .default([]),
  items: z
    .array(
      z.strictObject({
        sku: z.string().min(1).max(200),
        name: z.string().optional(),
        inventoryId: z.number().int().positive().optional(),
        isActive: z.boolean().optional(),
        /** Units laid on the shelf in addition to what is there, by the facility's name. */
        units: z.record(z.string(), units).default({}),
      }),
    )
    .default([]),
});

export type AccountSetup = z.input<typeof accountSchema>;
type ReadSetup = z.infer<typeof accountSchema>;

const allScopes = [
  "orders_read",
  "orders_write",
  "inventory_read",
  "inventory_write",
  "products_read",
  "receiving_read",
  "receiving_write",
  "returns_read",
  "returns_write",
  "webhooks_read",
  "webhooks_write",
  "channels_read",
  "locations_read",
];

/** Two fulfillment centers, one channel that may write, one that is a shop's own, three things of 40 units. */
export const exampleAccount: AccountSetup = {
  facilities: [
    { id: 8, name: "Cicero (IL)" },
    { id: 25, name: "Moreno Valley (CA)" },
  ],
  channels: [
    { id: 101, name: "Onepool PAT", applicationName: "SMA", scopes: allScopes },
    { id: 102, name: "Shopify store", applicationName: "Shopify", scopes: ["orders_read"] },
  ],
  items: ["KB-S", "KB-M", "KB-L"].map((sku) => ({
    sku,
    name: `Knee brace ${sku.slice(3)}`,
    units: { "Cicero (IL)": 40 },
  })),
};

function applyFacility(world: World, { id, name, timezone }: ReadSetup["facilities"][number]): void {
  const rival = world.catalogue.facilityNamed(name);
  if (rival !== undefined && rival.id !== id) throw new RangeError(`facility ${name} has the id ${rival.id}`);
  const known = world.catalogue.facilities.get(id);
  if (known !== undefined && known.name !== name) throw new RangeError(`facility ${id} is ${known.name}`);
  world.catalogue.facilities.set(id, { id, name, timezone: timezone ?? "America/Chicago" });
  world.warehouse.facilities.add(name);
}

function applyItem(world: World, given: ReadSetup["items"][number]): void {
  const item = world.catalogue.ensure({ ...given, isUnknown: false });
  if (given.isActive !== undefined) item.isActive = given.isActive;
  world.warehouse.items.add(item.sku);
  for (const [facility, laid] of Object.entries(given.units)) {
    if (world.catalogue.facilityNamed(facility) === undefined)
      throw new RangeError(`no facility ${facility}`);
    if (laid > 0) layStock(world.warehouse, { facility, item: item.sku, units: laid });
  }
}

/** Applies a setup; throws a RangeError for names that collide or are not there. */
export function applyAccount(world: World, { token, facilities, channels, items }: ReadSetup): void {
  if (token !== undefined) world.token = token;
  for (const facility of facilities) applyFacility(world, facility);
  for (const { id, name, applicationName = "SMA", scopes = allScopes } of channels) {
    world.catalogue.channels.set(id, { id, name, applicationName, scopes });
  }
  for (const item of items) applyItem(world, item);
}

/** What `GET /_sim/account` and the start's line tell. */
export function describeAccount(world: World) {
  return {
    token: world.token,
    facilities: [...world.catalogue.facilities.values()],
    channels: [...world.catalogue.channels.values()],
    items: world.catalogue.items().map(({ inventoryId, sku, name }) => ({ inventoryId, sku, name })),
  };
}
