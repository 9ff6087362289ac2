import type { FastifyInstance } from "fastify";

import { callerOf } from "../auth/caller.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Readiness } from "./readiness.ts";

/** The Fastify plugin with what operators ask: `/health`, `/ready` (open) and `/metrics` (a key of any role; with the figures of its seller's connections). */
export function operationsRoutes(options: {
  readonly metrics: Metrics;
  readiness(): Promise<Readiness>;
  /** Figures that are one seller's own. */
  metricsOf(sellerId: number): Promise<string>;
}) {
  return async (app: FastifyInstance): Promise<void> => {
    app.get("/health", { config: { access: "open" } }, async () => ({ status: "ok" }));
    app.get("/ready", { config: { access: "open" } }, async (_, reply) => {
      const { ready, checks } = await options.readiness();
      return reply.code(ready ? 200 : 503).send({ status: ready ? "ready" : "not ready", checks });
    });
    app.get("/metrics", { config: { access: "read" } }, async (request, reply) => {
      const { metrics } = options;
      const own = await options.metricsOf(callerOf(request).sellerId);
      return reply.header("content-type", metrics.contentType).send(`${await metrics.metrics()}${own}`);
    });
  };
}
