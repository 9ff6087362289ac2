import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { spoilAnswer, swallow } from "../../broken-answer.ts";
import type { FaultRule } from "../faults.ts";
import type { App, Seller } from "../seller.ts";
import { appOf, sellerOf, type World } from "../world.ts";
import { createClientErrors } from "./client-errors.ts";
import { createEndpointLimits, type EndpointLimits } from "./endpoint-limits.ts";
import { faultAnswer } from "./fault-answer.ts";
import { permissionFor } from "./permission.ts";
import { sendAnswer } from "./send-answer.ts";
import {
  policyRefused,
  rateLimited,
  resourceNotFound,
  scopesUnauthorized,
  standardError,
  tokenMissing,
  tokenRefused,
  type VendorAnswer,
} from "./vendor-answer.ts";

/** On whose behalf a call is made. */
export interface Caller {
  seller: Seller;
  app: App;
}

declare module "fastify" {
  interface FastifyRequest {
    vendorCaller: Caller | null;
    strike: FaultRule | null;
  }
}

/** Routes that need no token. */
const openRoutes = new Set(["/oauth/token", "/authorization"]);

/** The caller of a route behind the token check. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.vendorCaller === null) throw new Error(`${request.url} was reached without a caller`);
  return request.vendorCaller;
}

function endpointOf(request: FastifyRequest): string {
  return `${request.method} ${request.routeOptions.url ?? "*"}`;
}

function authenticate(world: World, request: FastifyRequest): Caller | VendorAnswer {
  const header = request.headers.authorization;
  if (header === undefined) return tokenMissing;
  const [, value] = /^Bearer (\S+)$/i.exec(header) ?? [];
  const token = value === undefined ? undefined : world.grants.verify(value);
  const revoked = token !== undefined && world.faults.current().tokenRevoked.includes(token.account);
  if (token === undefined || revoked) return tokenRefused(request.url);
  const seller = sellerOf(world, token.account);
  const app = appOf(world, seller);
  if (app.blocked) return scopesUnauthorized;
  const permission = permissionFor(request.url);
  if (permission !== undefined && !app.permissions.includes(permission)) return policyRefused;
  return { seller, app };
}

/** Full says it in the singular (documented). */
function isFull(url: string): boolean {
  return /^\/(inventories|stock)\//.test(url);
}

/** Token, quota, then bad luck: what a call goes through before its handler. */
async function admit(world: World, limits: EndpointLimits, request: FastifyRequest, reply: FastifyReply) {
  const endpoint = endpointOf(request);
  if (!openRoutes.has(request.routeOptions.url ?? "")) {
    const caller = authenticate(world, request);
    if ("status" in caller) return sendAnswer(reply, caller);
    request.vendorCaller = caller;
    if (!limits.take(caller.app.clientId, endpoint))
      return sendAnswer(reply, rateLimited(isFull(request.url) ? "tooManyRequest" : "tooManyRequests"));
  }
  const strike = world.faults.strike({ endpoint, account: request.vendorCaller?.seller.account });
  if (strike === undefined) return undefined;
  request.strike = strike;
  if (strike.kind === "timeout" || strike.kind === "dropped") return swallow(request, reply, strike.kind);
  if (strike.kind === "slow") {
    const { delayMs } = strike;
    await new Promise<void>((resolve) => {
      world.clock.schedule(delayMs, resolve);
    });
    return undefined;
  }
  const answer = faultAnswer(strike, request.url);
  return answer === undefined ? undefined : sendAnswer(reply, answer);
}

function bodyError(error: FastifyError): VendorAnswer {
  if (error.statusCode === 413) return standardError(413, "request_too_large", "Request entity too large");
  if (error.statusCode === 415) return standardError(415, "unsupported_media_type", "Unsupported Media Type");
  return standardError(400, "bad_request", "Malformed JSON");
}

/** Everything that stands before the vendor's routes. Returns the quotas, which the token route takes from by itself. */
export function guardVendorRoutes(server: FastifyInstance, world: World): EndpointLimits {
  const limits = createEndpointLimits(world.clock.now, () => world.settings);
  const clientErrors = createClientErrors(world.clock.now, () => world.settings);
  server.decorateRequest("vendorCaller", null);
  server.decorateRequest("strike", null);
  server.addHook("onRequest", (request, reply) => admit(world, limits, request, reply));
  server.addHook("onSend", (request, reply, payload) => {
    if (request.vendorCaller !== null) clientErrors.note(request.vendorCaller.app, reply.statusCode);
    return spoilAnswer(request, payload, request.strike?.kind);
  });
  server.setErrorHandler((error: FastifyError, _, reply) => {
    if ((error.statusCode ?? 500) < 500) return sendAnswer(reply, bodyError(error));
    throw error;
  });
  return limits;
}

/** Paths that the marketplace does not route. */
export function answerUnknownPaths(server: FastifyInstance): void {
  server.setNotFoundHandler((_, reply) => sendAnswer(reply, resourceNotFound));
}
