import type { FastifyInstance } from "fastify";

import type { CatalogueItem, Facility } from "../catalogue.ts";
import { pageLinks } from "../vendor/paging.ts";
import { readQuery, wholeNumber } from "../vendor/query.ts";
import { sendAnswer } from "../vendor/send-answer.ts";
import { answer, badRequest, notFound, type VendorAnswer } from "../vendor/vendor-answer.ts";
import { VERSION } from "../vendor/vendor-api.ts";
import { vendorTime } from "../vendor/vendor-time.ts";
import type { World } from "../world.ts";

function locationBody({ id, name, timezone }: Facility) {
  return {
    id,
    name,
    abbreviation: `FC${id}`,
    timezone,
    is_active: true,
    is_receiving_enabled: true,
    is_shipping_enabled: true,
    access_granted: true,
    attributes: [],
    region: { id: 1, name: "Midwest" },
    services: null,
  };
}

function centerBody({ id, name, timezone }: Facility) {
  const address = {
    address1: "1 Warehouse Way",
    address2: null,
    city: "Chicago",
    state: "IL",
    zip_code: "60607",
  };
  return { id, name, ...address, country: "USA", email: null, phone_number: null, timezone };
}

/** A product with the one variant it has here; of its many fields those that tell what it is. */
function productBody({ productId, variantId, inventoryId, sku, name, isActive, createdAt }: CatalogueItem) {
  const status = isActive ? { id: 1, name: "Active" } : { id: 2, name: "Inactive" };
  const inventory = { inventory_id: inventoryId, on_hand_quantity: null };
  return {
    id: productId,
    name,
    type: "Regular",
    created_on: vendorTime(createdAt),
    updated_on: null,
    user_id: 1,
    taxonomy: null,
    variants: [
      { id: variantId, name, sku, is_digital: false, status, inventory, barcodes: [], bundle_definition: [] },
    ],
  };
}

const productParameters = [
  "Search",
  "SKU",
  "SellerSKU",
  "Name",
  "InventoryId",
  "ProductId",
  "VariantId",
  "PageSize",
  "SortBy",
  "SortOrder",
  "Cursor",
] as const;

function listProducts(world: World, raw: unknown): VendorAnswer {
  const read = readQuery(raw, productParameters);
  if ("wrong" in read) return read.wrong;
  const { query } = read;
  const size = wholeNumber(query.PageSize, { min: 1, max: 250, fallback: 50 });
  if (size === undefined) return badRequest("PageSize", "must be between 1 and 250.");
  const page = wholeNumber(query.Cursor, { min: 1, max: 1_000_000, fallback: 1 }) ?? 1;
  const all = world.catalogue
    .items()
    .filter(
      ({ sku, name, inventoryId, productId }) =>
        (query.SKU === undefined || sku === query.SKU) &&
        (query.InventoryId === undefined || String(inventoryId) === query.InventoryId) &&
        (query.ProductId === undefined || String(productId) === query.ProductId) &&
        (query.Search === undefined || `${sku} ${name}`.toLowerCase().includes(query.Search.toLowerCase())),
    );
  const pages = Math.max(1, Math.ceil(all.length / size));
  const links = pageLinks({ path: `${VERSION}/product`, query, parameter: "Cursor", page, pages });
  return answer({ ...links, items: all.slice((page - 1) * size, page * size).map(productBody) });
}

/** `location`, `fulfillment-center`, `channel` and `product`. */
export function registerCatalogueRoutes(server: FastifyInstance, world: World): void {
  const { catalogue } = world;
  server.get("/location", (request, reply) => {
    // All places here are active, granted and open to deliveries: the filters leave none out unless told to.
    const read = readQuery(request.query, ["IncludeInactive", "ReceivingEnabled", "AccessGranted"]);
    if ("wrong" in read) return sendAnswer(reply, read.wrong);
    const isNone = read.query.ReceivingEnabled === "false" || read.query.AccessGranted === "false";
    const places = isNone ? [] : [...catalogue.facilities.values()];
    return sendAnswer(reply, answer(places.map(locationBody)));
  });
  server.get("/fulfillment-center", (_, reply) =>
    sendAnswer(reply, answer([...catalogue.facilities.values()].map(centerBody))),
  );
  server.get("/channel", (_, reply) => {
    const items = [...catalogue.channels.values()].map(({ id, name, applicationName, scopes }) => ({
      id,
      name,
      application_name: applicationName,
      scopes,
    }));
    return sendAnswer(reply, answer({ items, next: null, prev: null }));
  });
  server.get("/product", (request, reply) => sendAnswer(reply, listProducts(world, request.query)));
  server.get<{ Params: { productId: string } }>("/product/:productId", (request, reply) => {
    const item = catalogue.byProduct(Number(request.params.productId));
    return sendAnswer(reply, item === undefined ? notFound : answer(productBody(item)));
  });
}
