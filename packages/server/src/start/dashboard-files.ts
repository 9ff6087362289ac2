import { existsSync } from "node:fs";
import path from "node:path";

import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import fastifyPlugin from "fastify-plugin";

import { SIGN_IN_PAGE } from "../auth/sign-in-page.ts";

/** Addresses that belong to programs: what is unknown there is a 404 for browsers too. */
const PROGRAM_PATHS = /^\/(v1|hooks|docs|openapi\.json|health|ready|metrics|assets)(\/|$)/;

/**
 * The Fastify plugin that serves the built dashboard to those who are signed in. Its addresses are made up in the
 * browser, so an unknown one that a browser opens as a page gets the dashboard's page; anything else stays a 404.
 */
export function dashboardFiles(folder: string) {
  return fastifyPlugin(async (app: FastifyInstance) => {
    if (!existsSync(path.join(folder, "index.html"))) return;
    await app.register(fastifyStatic, {
      root: folder,
      // A route per file: what is no file is not found like anything else.
      wildcard: false,
      cacheControl: false,
      setHeaders: (reply, file) => {
        // Built files carry a hash of their content in their names; everything else is asked for again.
        const isHashed = path.relative(folder, file).startsWith("assets");
        reply.header("cache-control", isHashed ? "private, max-age=31536000, immutable" : "no-cache");
      },
    });
    app.addHook("onRequest", async (request, reply) =>
      isPageOfDashboard(request) ? sendPage(request, reply) : undefined,
    );
  });
}

function isPageOfDashboard(request: FastifyRequest): boolean {
  if (!request.is404 || request.method !== "GET" || !(request.headers.accept ?? "").includes("text/html"))
    return false;
  return !PROGRAM_PATHS.test(request.url.split("?", 1)[0] ?? "");
}

function sendPage(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (request.caller !== null) return reply.sendFile("index.html");
  return reply.code(401).header("content-type", "text/html; charset=utf-8").send(SIGN_IN_PAGE);
}
