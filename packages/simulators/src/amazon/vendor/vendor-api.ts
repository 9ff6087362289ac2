import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { spoilAnswer, swallow } from "../../broken-answer.ts";
import type { AccessToken } from "../auth/grants.ts";
import type { FaultRule } from "../faults.ts";
import type { App, Seller } from "../seller.ts";
import { sellerOf, type World } from "../world.ts";
import { faultAnswer } from "./fault-answer.ts";
import { createOperationLimits, type OperationLimits } from "./operation-limits.ts";
import { type OperationId, operationOf } from "./operations.ts";
import { sendAnswer } from "./send-answer.ts";
import {
  accessDenied,
  invalidInput,
  rateLimited,
  tokenExpired,
  tokenMissing,
  tokenRefused,
  vendorError,
  type VendorAnswer,
} from "./vendor-answer.ts";

/** On whose behalf a call is made; no seller on grantless operations. */
interface Caller {
  app: App;
  seller: Seller | null;
}

declare module "fastify" {
  interface FastifyRequest {
    amazonCaller: Caller | null;
    amazonStrike: FaultRule | null;
  }
  interface FastifyContextConfig {
    /** The operation behind a route; routes without one need no token. */
    operation?: OperationId;
  }
}

/** The app behind a call that has passed the token check. */
export function appBehind(request: FastifyRequest): App {
  if (request.amazonCaller === null) throw new Error(`${request.url} was reached without a caller`);
  return request.amazonCaller.app;
}

/** The seller behind a call of a seller operation. */
export function sellerBehind(request: FastifyRequest): Seller {
  const seller = request.amazonCaller?.seller;
  if (!seller) throw new Error(`${request.url} was reached without a seller`);
  return seller;
}

function refusalOfToken(world: World, token: AccessToken, operation: OperationId): VendorAnswer | undefined {
  const { grantless } = operationOf(operation);
  if (grantless === undefined) {
    const revoked = token.account !== null && world.faults.current().tokenRevoked.includes(token.account);
    return token.account === null || revoked ? tokenRefused : undefined;
  }
  return token.scope === grantless ? undefined : tokenRefused;
}

function authenticate(world: World, request: FastifyRequest, operation: OperationId): Caller | VendorAnswer {
  const header = request.headers["x-amz-access-token"];
  if (typeof header !== "string" || header === "") return tokenMissing;
  const token = world.grants.verify(header);
  if (token === undefined) return tokenRefused;
  if (token === "expired") return tokenExpired;
  const refusal = refusalOfToken(world, token, operation);
  if (refusal !== undefined) return refusal;
  const app = [...world.apps.values()].find(({ clientId }) => clientId === token.clientId);
  if (app === undefined) return tokenRefused;
  return { app, seller: token.account === null ? null : sellerOf(world, token.account) };
}

/** The user agent is required, the documentation says; what its absence answers is ASSUMED. */
function refusalOfHeaders(request: FastifyRequest): VendorAnswer | undefined {
  const agent = request.headers["user-agent"];
  return agent === undefined || agent.trim() === ""
    ? invalidInput("The user-agent header is missing.")
    : undefined;
}

function overLimit(
  limits: OperationLimits,
  caller: Caller,
  operation: OperationId,
): VendorAnswer | undefined {
  const bucket = caller.seller === null ? `app ${caller.app.name}` : `seller ${caller.seller.account}`;
  const outcome = limits.take({ bucket, clientId: caller.app.clientId }, operation);
  if (outcome === "taken") return undefined;
  return rateLimited(outcome === "seller" ? "quotaExceeded" : "application");
}

/** Token, headers, usage plan: what refuses a call before anything can happen to it. */
function refusalOf(world: World, limits: OperationLimits, request: FastifyRequest): VendorAnswer | undefined {
  const { operation } = request.routeOptions.config;
  if (operation === undefined) return undefined;
  const caller = authenticate(world, request, operation);
  if ("status" in caller) return caller;
  request.amazonCaller = caller;
  return refusalOfHeaders(request) ?? overLimit(limits, caller, operation);
}

/** The fault that strikes this call, if any. */
function strikeOn(world: World, request: FastifyRequest): FaultRule | undefined {
  const { url: route = "*", config } = request.routeOptions;
  return world.faults.strike({
    operation: config.operation ?? route,
    method: request.method,
    route,
    account: request.amazonCaller?.seller?.account,
  });
}

async function admit(world: World, limits: OperationLimits, request: FastifyRequest, reply: FastifyReply) {
  reply.header("x-amzn-RequestId", world.ids.next("request"));
  const refusal = refusalOf(world, limits, request);
  if (refusal !== undefined) return sendAnswer(reply, refusal);
  const strike = strikeOn(world, request);
  if (strike === undefined) return undefined;
  request.amazonStrike = strike;
  if (strike.kind === "timeout" || strike.kind === "dropped") return swallow(request, reply, strike.kind);
  if (strike.kind === "slow") {
    const { delayMs } = strike;
    await new Promise<void>((resolve) => {
      world.clock.schedule(delayMs, resolve);
    });
    return undefined;
  }
  const answer = faultAnswer(strike);
  return answer === undefined ? undefined : sendAnswer(reply, answer);
}

/** The models list the header on these answers only: a client must not count on it elsewhere. */
const statusesWithLimit = new Set([200, 201, 202, 204, 400, 404]);

function tellLimit(
  world: World,
  limits: OperationLimits,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { operation } = request.routeOptions.config;
  const { header } = world.settings.limits;
  if (operation === undefined || header === "never") return;
  if (header === "documented" && !statusesWithLimit.has(reply.statusCode)) return;
  const rate = limits.rateOf(operation);
  reply.header("x-amzn-RateLimit-Limit", Number.isInteger(rate) ? rate.toFixed(1) : String(rate));
}

function bodyError(error: FastifyError): VendorAnswer {
  if (error.statusCode === 413) return vendorError(413, "RequestTooLarge", "The request is too large.");
  if (error.statusCode === 415)
    return vendorError(415, "UnsupportedMediaType", "The request payload is in an unsupported format.");
  return invalidInput("The request body cannot be parsed.");
}

/** Amazon's own client names a content type on calls that have no content, a DELETE for one. */
function allowEmptyJson(server: FastifyInstance): void {
  const parseJson = server.getDefaultJsonParser("error", "error");
  server.removeContentTypeParser("application/json");
  server.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null);
    else void parseJson(request, String(body), done);
  });
}

/** Everything that stands before the vendor's routes. */
export function guardVendorRoutes(server: FastifyInstance, world: World): void {
  allowEmptyJson(server);
  const limits = createOperationLimits(world.clock.now, () => world.settings);
  server.decorateRequest("amazonCaller", null);
  server.decorateRequest("amazonStrike", null);
  server.addHook("onRequest", (request, reply) => admit(world, limits, request, reply));
  server.addHook("onSend", async (request, reply, payload) => {
    tellLimit(world, limits, request, reply);
    // The marketplace's own clock, not this machine's.
    reply.header("date", new Date(world.clock.now()).toUTCString());
    return spoilAnswer(request, payload, request.amazonStrike?.kind);
  });
  server.setErrorHandler((error: FastifyError, _, reply) => {
    if ((error.statusCode ?? 500) < 500) return sendAnswer(reply, bodyError(error));
    throw error;
  });
}

/** Paths that are not routed: what a SKU with an unencoded `/` meets (quoted by integrators). */
export function answerUnknownPaths(server: FastifyInstance): void {
  server.setNotFoundHandler((_, reply) => sendAnswer(reply, accessDenied("")));
}
