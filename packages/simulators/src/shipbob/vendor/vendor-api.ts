import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { spoilAnswer, swallow } from "../../broken-answer.ts";
import type { Channel } from "../catalogue.ts";
import type { FaultRule } from "../faults.ts";
import type { World } from "../world.ts";
import { createRateWindow } from "./rate-window.ts";
import { sendAnswer } from "./send-answer.ts";
import {
  badRequest,
  forbidden,
  notFound,
  problem,
  rateLimited,
  unauthorized,
  type VendorAnswer,
} from "./vendor-answer.ts";

declare module "fastify" {
  interface FastifyRequest {
    shipBobStrike: FaultRule | null;
  }
  interface FastifyContextConfig {
    /** What fault rules call it, where the route itself is no good name. */
    call?: string;
  }
}

/** The version that is spoken here. */
export const VERSION = "/2026-01";

function serverError(status: number, body: "problem" | "html" | "empty"): VendorAnswer {
  if (body === "empty") return { status };
  if (body === "html") return { status, body: `<html><head><title>${status}</title></head></html>` };
  return problem(status, "Internal Server Error", "An unexpected error occurred.");
}

function faultAnswer(rule: FaultRule): VendorAnswer | undefined {
  switch (rule.kind) {
    case "serverError":
      return serverError(rule.status, rule.body);
    case "rateLimited":
      return rateLimited(rule.retryAfterSeconds);
    case "unauthorized":
      return unauthorized;
    default:
      return undefined;
  }
}

function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
}

async function strike(world: World, request: FastifyRequest, reply: FastifyReply) {
  const { url = "*", config } = request.routeOptions;
  const route = config.call ?? url.slice(VERSION.length).replaceAll("::", ":");
  const rule = world.faults.strike({ method: request.method, route });
  if (rule === undefined) return undefined;
  request.shipBobStrike = rule;
  if (rule.kind === "timeout" || rule.kind === "dropped") return swallow(request, reply, rule.kind);
  if (rule.kind === "slow") {
    const { delayMs } = rule;
    await new Promise<void>((resolve) => {
      world.clock.schedule(delayMs, resolve);
    });
    return undefined;
  }
  const answered = faultAnswer(rule);
  return answered === undefined ? undefined : sendAnswer(reply, answered);
}

/** Token, rate limit, faults: what stands before the vendor's routes. */
export function guardVendorRoutes(server: FastifyInstance, world: World): void {
  const rates = createRateWindow(world.clock.now);
  server.decorateRequest("shipBobStrike", null);
  server.addHook("onRequest", async (request, reply) => {
    const token = bearerOf(request);
    if (token === undefined || token !== world.token || world.faults.current().tokenRevoked) {
      return sendAnswer(reply, unauthorized);
    }
    const rate = rates.take(token, world.settings.requestsPerMinute);
    if (!rate.allowed) return sendAnswer(reply, rateLimited(rate.retryAfterSeconds));
    reply.header("x-remaining-calls", String(rate.remaining));
    return strike(world, request, reply);
  });
  server.addHook("onSend", async (request, reply, payload) => {
    reply.header("date", new Date(world.clock.now()).toUTCString());
    return spoilAnswer(request, payload, request.shipBobStrike?.kind);
  });
  server.setErrorHandler((error: FastifyError, _, reply) => {
    if ((error.statusCode ?? 500) < 500) return sendAnswer(reply, badRequest("body", error.message));
    throw error;
  });
  server.setNotFoundHandler((_, reply) => sendAnswer(reply, notFound));
}

/** The channel a write stands in: required, known, and with the scope to write (the answers without it are ASSUMED). */
export function writingChannel(world: World, request: FastifyRequest, scope: string): Channel | VendorAnswer {
  const header = request.headers.shipbob_channel_id;
  if (typeof header !== "string" || header === "") {
    return badRequest("shipbob_channel_id", "The shipbob_channel_id header is required.");
  }
  const channel = world.catalogue.channels.get(Number(header));
  return channel?.scopes.includes(scope) === true ? channel : forbidden;
}
