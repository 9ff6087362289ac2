import type { FastifyInstance } from "fastify";

import type { Metrics } from "../metrics/metrics.ts";
import type { Readiness } from "./readiness.ts";

/** The Fastify plugin with what operators ask: `/health`, `/ready` (open) and `/metrics` (a key of any role). */
export function operationsRoutes(options: { readonly metrics: Metrics; readiness(): Promise<Readiness> }) {
  return async (app: FastifyInstance): Promise<void> => {
    app.get("/health", { config: { access: "open" } }, async () => ({ status: "ok" }));
    app.get("/ready", { config: { access: "open" } }, async (_, reply) => {
      const { ready, checks } = await options.readiness();
      return reply.code(ready ? 200 : 503).send({ status: ready ? "ready" : "not ready", checks });
    });
    app.get("/metrics", { config: { access: "read" } }, async (_, reply) =>
      reply.header("content-type", options.metrics.contentType).send(await options.metrics.metrics()),
    );
  };
}
