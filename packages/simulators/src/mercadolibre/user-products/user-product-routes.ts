import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { sendAnswer } from "../vendor/send-answer.ts";
import {
  accessDenied,
  resourceNotFound,
  standardError,
  type VendorAnswer,
  versionMismatch,
} from "../vendor/vendor-answer.ts";
import { callerOf } from "../vendor/vendor-api.ts";
import type { World } from "../world.ts";
import { stockBody, userProductBody, writtenBody } from "./stock-body.ts";
import { readSellingAddress, readWarehouses } from "./stock-write.ts";
import type { StockLocation, UserProduct } from "./user-product.ts";
import { writePlaces } from "./write-places.ts";

interface ProductRequest {
  Params: { id: string; type: string };
}

/** The words are documented. */
const stockNotFound = standardError(404, "not_found", "stock-locations not found");
const versionMissing = standardError(400, "bad_request", "Missing X-Version header");

function ownProduct(world: World, request: FastifyRequest<ProductRequest>): UserProduct | VendorAnswer {
  const product = world.userProducts.get(request.params.id);
  if (product === undefined) return standardError(404, "not_found", "user product not found");
  return callerOf(request).seller.account === product.account ? product : accessDenied;
}

function initialised(world: World, request: FastifyRequest<ProductRequest>): UserProduct | VendorAnswer {
  const product = ownProduct(world, request);
  if ("body" in product) return product;
  return product.locations.length === 0 ? stockNotFound : product;
}

function readStock(world: World, request: FastifyRequest<ProductRequest>): VendorAnswer {
  const product = initialised(world, request);
  if ("body" in product) return product;
  const headers = { "x-version": String(product.version) };
  return { status: 200, body: stockBody(world, product), headers };
}

function readPlaces(
  world: World,
  product: UserProduct,
  { params, body }: FastifyRequest<ProductRequest>,
): StockLocation[] | VendorAnswer {
  if (params.type === "selling_address") return readSellingAddress(product, body);
  // Full's own place cannot be written; what it answers is ASSUMED.
  return params.type === "seller_warehouse" ? readWarehouses(world, product, body) : resourceNotFound;
}

function writeStock(world: World, request: FastifyRequest<ProductRequest>): VendorAnswer {
  const product = initialised(world, request);
  if ("body" in product) return product;
  const version = request.headers["x-version"];
  if (version === undefined) return versionMissing;
  const places = readPlaces(world, product, request);
  if ("body" in places) return places;
  if (version !== String(product.version)) return versionMismatch;
  if (request.strike?.kind !== "writeIgnored") writePlaces(world, product, places);
  if (request.params.type === "selling_address") return { status: 204, body: "" };
  const written = places.filter(({ type }) => type === "seller_warehouse");
  return { status: 200, body: writtenBody(world, product, written) };
}

function readProduct(world: World, request: FastifyRequest<ProductRequest>): VendorAnswer {
  const product = ownProduct(world, request);
  return "body" in product ? product : { status: 200, body: userProductBody(world, product) };
}

/** `/user-products`: what one thing of a seller is, and the stock that all its items share. */
export function registerUserProductRoutes(server: FastifyInstance, world: World): void {
  const answerWith =
    (answer: (world: World, request: FastifyRequest<ProductRequest>) => VendorAnswer) =>
    (request: FastifyRequest<ProductRequest>, reply: FastifyReply): FastifyReply =>
      sendAnswer(reply, answer(world, request));
  server.get<ProductRequest>("/user-products/:id", answerWith(readProduct));
  server.get<ProductRequest>("/user-products/:id/stock", answerWith(readStock));
  server.put<ProductRequest>("/user-products/:id/stock/type/:type", answerWith(writeStock));
}
