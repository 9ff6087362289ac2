import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { callerOf } from "../../auth/caller.ts";
import type { ApiDeps } from "../api-deps.ts";
import { PROBLEM_TYPE, sendProblem, type Problem } from "../problem.ts";
import type { Route, RouteAnswer } from "../route/route.ts";
import { readIdempotency } from "./read-idempotency.ts";

export const JSON_TYPE = "application/json; charset=utf-8";

/** Puts a route into the application. */
export function registerRoute(app: FastifyInstance, deps: ApiDeps, route: Route): void {
  if (route.fileBytesMax === undefined) {
    putRoute(app, deps, route);
    return;
  }
  // In a scope of its own, where bodies are taken as they are.
  app.register((scope, _, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, parsed) => parsed(null, body));
    putRoute(scope, deps, route);
    done();
  });
}

function putRoute(app: FastifyInstance, deps: ApiDeps, route: Route): void {
  const takesKey = route.method !== "GET";
  app.route({
    method: route.method,
    url: route.path.replaceAll(/\{(\w+)\}/g, ":$1"),
    config: { access: route.access },
    ...(route.fileBytesMax === undefined ? {} : { bodyLimit: route.fileBytesMax }),
    async handler(request, reply) {
      const badQuery = queryProblem(request.url);
      if (badQuery !== null) return sendProblem(reply, badQuery);
      const idempotency = takesKey ? readIdempotency(request) : null;
      if (idempotency !== null && "code" in idempotency) return sendProblem(reply, idempotency);
      const answer = await route.respond(deps, callOf(request, idempotency));
      return answer.ok ? sendAnswer(reply, answer) : sendProblem(reply, answer.problem);
    },
  });
}

/** Fastify takes a query that is not percent-encoded UTF-8 as it stands. */
function queryProblem(url: string): Problem | null {
  const start = url.indexOf("?");
  if (start < 0 || !url.includes("%", start)) return null;
  try {
    decodeURIComponent(url.slice(start + 1));
    return null;
  } catch {
    return { code: "invalid_utf8", field: "query", message: "The query is not percent-encoded UTF-8." };
  }
}

function callOf(request: FastifyRequest, idempotency: Parameters<Route["respond"]>[1]["idempotency"]) {
  const { params, query, body } = request;
  return { caller: callerOf(request), params, query, body, idempotency };
}

function sendAnswer(reply: FastifyReply, answer: RouteAnswer & { ok: true }): FastifyReply {
  // A kept answer may be a refusal.
  const type = answer.status < 400 ? JSON_TYPE : PROBLEM_TYPE;
  if (answer.replayed === true) reply.header("idempotent-replayed", "true");
  return reply.code(answer.status).header("content-type", type).send(JSON.stringify(answer.body));
}
