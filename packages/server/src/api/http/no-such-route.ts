import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { sendProblem } from "../problem.ts";

declare module "fastify" {
  interface FastifyInstance {
    /** Every address the application takes, with its methods. */
    readonly knownAddresses: ReadonlyMap<string, KnownAddress>;
  }
}

export interface KnownAddress {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/** Answers 404 where there is nothing, and 405 where there is, but not by this method. Call it before routes are added. */
export function refuseUnknownRoutes(app: FastifyInstance): void {
  const known = new Map<string, KnownAddress>();
  app.decorate("knownAddresses", known);
  app.addHook("onRoute", ({ url, method }) => {
    // A catch-all (static files) says nothing about what is there.
    if (url.includes("*")) return;
    const address = known.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    for (const each of [method].flat()) address.methods.add(each);
    known.set(url, address);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "";
    const allowed = [...known.values()].flatMap(({ pattern, methods }) =>
      pattern.test(path) ? [...methods] : [],
    );
    return allowed.length === 0 ? notFound(request, reply) : notAllowed(request, reply, allowed);
  });
}

function patternOf(url: string): RegExp {
  const parts = url.split(/:\w+/).map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join("[^/]+")}$`);
}

function notFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(reply, {
    code: "not_found",
    field: "path",
    message: `There is nothing at ${request.url.split("?", 1)[0]}.`,
  });
}

function notAllowed(request: FastifyRequest, reply: FastifyReply, allowed: readonly string[]): FastifyReply {
  const methods = [...new Set(allowed)].toSorted().join(", ");
  reply.header("allow", methods);
  return sendProblem(reply, {
    code: "method_not_allowed",
    field: "method",
    message: `This address takes ${methods}, not ${request.method}.`,
  });
}
