import type { FastifyInstance, FastifyRequest } from "fastify";

import type { Seller } from "../seller.ts";
import { sendAnswer } from "../vendor/send-answer.ts";
import { standardError, type VendorAnswer } from "../vendor/vendor-answer.ts";
import { callerOf } from "../vendor/vendor-api.ts";
import type { World } from "../world.ts";
import {
  availableIn,
  type Inventory,
  inventoryOf,
  offersInInventory,
  type Operation,
  type UnavailableStatus,
  unavailableStatuses,
} from "./inventory.ts";
import { operationBody } from "./operation-body.ts";
import { searchOperations } from "./operation-search.ts";

interface StockRequest {
  Params: { id: string };
  Querystring: Partial<Record<string, string>>;
}

/** Documented words. */
function inventoryRefusal(world: World, id: string, seller: Seller): VendorAnswer | undefined {
  if (!/^[A-Za-z0-9_-]{1,30}$/.test(id)) {
    return standardError(400, "validation_error", "The field inventory_id has an invalid value");
  }
  const [offer] = offersInInventory(world, id);
  if (offer === undefined) {
    return standardError(404, "seller_product_not_found", `Inventory not found with id: ${id}`);
  }
  if (offer.item.account === seller.account) return undefined;
  return standardError(403, "forbidden", `User ${seller.userId} cannot access to seller_product ${id}`);
}

/** ASSUMED: which condition each unit is in; the names are documented. */
const conditions: Partial<Record<UnavailableStatus, string>> = {
  damaged: "damaged_in_full",
  not_supported: "other",
};

function detail({ unavailable }: Inventory, withConditions: boolean): Record<string, unknown>[] {
  return unavailableStatuses.flatMap((status) => {
    const quantity = unavailable[status] ?? 0;
    const condition = conditions[status];
    const more = withConditions && condition !== undefined ? { conditions: [{ condition, quantity }] } : {};
    return quantity === 0 ? [] : [{ status, quantity, ...more }];
  });
}

function readInventory(world: World, request: FastifyRequest<StockRequest>): VendorAnswer {
  const { id } = request.params;
  const { seller } = callerOf(request);
  const refusal = inventoryRefusal(world, id, seller);
  if (refusal !== undefined) return refusal;
  const offers = offersInInventory(world, id);
  const [first] = offers;
  const available = first === undefined ? 0 : availableIn(first);
  const details = detail(
    inventoryOf(world, id, seller.account),
    request.query.include_attributes === "conditions",
  );
  const unavailable = details.reduce((total, { quantity }) => total + Number(quantity), 0);
  const body = {
    inventory_id: id,
    total: available + unavailable,
    available_quantity: available,
    not_available_quantity: unavailable,
    not_available_detail: details,
    external_references: offers.map(({ item, variation }) => ({
      type: "item",
      id: item.id,
      ...(variation === null ? {} : { variation_id: variation.id }),
    })),
  };
  return { status: 200, body };
}

function ownOperations(world: World, seller: Seller): Operation[] {
  return [...world.inventories.values()]
    .filter(({ account }) => account === seller.account)
    .flatMap(({ operations }) => operations.after(0, Infinity));
}

function readOperation(world: World, request: FastifyRequest<StockRequest>): VendorAnswer {
  const { seller } = callerOf(request);
  const found = ownOperations(world, seller).find(({ id }) => String(id) === request.params.id);
  if (found === undefined) return standardError(404, "operation_not_found", "Operation not found");
  return { status: 200, body: operationBody(found, seller) };
}

/** Full: what lies in the marketplace's warehouses, read only. */
export function registerInventoryRoutes(server: FastifyInstance, world: World): void {
  server.get<StockRequest>("/inventories/:id/stock/fulfillment", (request, reply) =>
    sendAnswer(reply, readInventory(world, request)),
  );
  server.get<StockRequest>("/stock/fulfillment/operations/search", (request, reply) => {
    const { seller } = callerOf(request);
    const search = { seller, query: request.query, now: world.clock.now() };
    const ids = request.query.inventory_id?.split(",") ?? [];
    const refusal = ids.map((id) => inventoryRefusal(world, id, seller)).find((one) => one !== undefined);
    return sendAnswer(reply, refusal ?? searchOperations(ownOperations(world, seller), search));
  });
  server.get<StockRequest>("/stock/fulfillment/operations/:id", (request, reply) =>
    sendAnswer(reply, readOperation(world, request)),
  );
}
