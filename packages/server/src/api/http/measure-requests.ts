import type { FastifyInstance } from "fastify";
import { Histogram } from "prom-client";

import type { Metrics } from "../../metrics/metrics.ts";

/** Seconds: from a cached refusal to a request that waits behind a stalled commit. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Counts and times every request by route and status. Streams end when their reader leaves, so they are not timed. */
export function measureRequests(app: FastifyInstance, registry: Metrics): void {
  const seconds = new Histogram({
    name: "api_request_seconds",
    help: "Time from the request's arrival to its answer, in seconds",
    labelNames: ["method", "route", "status"] as const,
    buckets: BUCKETS,
    registers: [registry],
  });
  // Looking labels up costs more than observing: there are few, so each is looked up once.
  const observers = new Map<string, { observe(value: number): void }>();
  app.addHook("onResponse", (request, reply, done) => {
    const { method } = request;
    const route = request.routeOptions.url ?? "none";
    const status = String(reply.statusCode);
    const key = `${method} ${route} ${status}`;
    let observer = observers.get(key);
    if (observer === undefined) observers.set(key, (observer = seconds.labels({ method, route, status })));
    observer.observe(reply.elapsedTime / 1000);
    done();
  });
}
