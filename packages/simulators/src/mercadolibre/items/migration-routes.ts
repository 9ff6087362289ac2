import type { FastifyInstance, FastifyRequest } from "fastify";

import { sendAnswer } from "../vendor/send-answer.ts";
import {
  accessDenied,
  itemNotFound,
  resourceNotFound,
  standardError,
  type VendorAnswer,
} from "../vendor/vendor-answer.ts";
import { callerOf } from "../vendor/vendor-api.ts";
import type { World } from "../world.ts";
import type { Item } from "./item.ts";
import { refusalOfMigration, startMigration } from "./migration.ts";

interface MigrationRequest {
  Params: { id: string; site: string; family: string };
}

function ownItem(world: World, request: FastifyRequest, id: string): Item | VendorAnswer {
  const item = world.items.get(id);
  if (item === undefined) return itemNotFound(id);
  return item.account === callerOf(request).seller.account ? item : accessDenied;
}

const seconds = (epochMs: number): string => new Date(epochMs).toISOString().replace(/\.\d{3}Z$/, "Z");

function readMigration(world: World, request: FastifyRequest<MigrationRequest>): VendorAnswer {
  const item = ownItem(world, request, request.params.id);
  if ("body" in item) return item;
  const migration = world.migrations.get(item.id);
  if (migration === undefined) return resourceNotFound;
  const { startedAt, completedAt, newItems } = migration;
  const completed = completedAt === null ? null : seconds(completedAt);
  const body = {
    item_id: item.id,
    migration_completed: completed,
    activation_completed: completed,
    date_created: seconds(startedAt),
    last_updated: seconds(completedAt ?? startedAt),
    new_items: newItems.map(({ item: next, variationId }) => ({
      new_item_id: next.id,
      variation_id: variationId,
      migration_status: completedAt === null ? "pending" : "created",
    })),
  };
  return { status: 200, body };
}

function migrate(world: World, request: FastifyRequest<MigrationRequest>): VendorAnswer {
  const { item_id: id } = (request.body ?? {}) as { item_id?: unknown };
  if (typeof id !== "string") return standardError(400, "bad_request", "item_id is required");
  const item = ownItem(world, request, id);
  if ("body" in item) return item;
  const refusal = refusalOfMigration(world, item);
  if (refusal !== undefined) return standardError(404, "not_found", refusal);
  startMigration(world, item);
  // Documented: 200, and the rest happens later; the body is ASSUMED.
  return { status: 200, body: { item_id: item.id } };
}

function readFamily(world: World, request: FastifyRequest<MigrationRequest>): VendorAnswer {
  const { site, family } = request.params;
  const { seller } = callerOf(request);
  const members = [...world.userProducts.values()].filter(
    ({ familyId, siteId, account }) =>
      String(familyId) === family && siteId === site && account === seller.account,
  );
  if (members.length === 0) return resourceNotFound;
  const ids = members.map(({ id }) => id);
  const body = { user_products_ids: ids, family_id: Number(family), site_id: site, user_id: seller.userId };
  return { status: 200, body };
}

/** UPtin: an item with variations becomes one item for each, of one family. */
export function registerMigrationRoutes(server: FastifyInstance, world: World): void {
  server.get<MigrationRequest>("/items/:id/migration_live_listing", (request, reply) =>
    sendAnswer(reply, readMigration(world, request)),
  );
  server.post<MigrationRequest>("/sites/:site/items/user_product_listings", (request, reply) =>
    sendAnswer(reply, migrate(world, request)),
  );
  server.get<MigrationRequest>("/sites/:site/user-products-families/:family", (request, reply) =>
    sendAnswer(reply, readFamily(world, request)),
  );
}
