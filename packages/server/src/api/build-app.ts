import { fastify, type FastifyInstance } from "fastify";

import { openReader } from "../ledger/read/reader.ts";
import type { AppDeps } from "./api-deps.ts";
import { clientErrorHandler, errorHandler } from "./http/handle-errors.ts";
import { measureRequests } from "./http/measure-requests.ts";
import { refuseUnknownRoutes } from "./http/no-such-route.ts";
import { BODY_BYTES_MAX, readJsonBodies } from "./http/read-body.ts";
import { registerRoute } from "./http/register-route.ts";
import { documentation } from "./openapi/documentation.ts";
import { ROUTES } from "./routes.ts";

/** A code of 200 characters, each of four bytes, percent-encoded. */
const PARAM_LENGTH_MAX = 200 * 4 * 3;

/** A request must have arrived after this, in milliseconds: nobody holds a connection by sending slowly. */
const REQUEST_TIMEOUT_MS = 60_000;

/** The HTTP application, not yet listening. Nothing but what plugins mark as open is answered without a key or session. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: PARAM_LENGTH_MAX },
    // Requests are counted and timed, failures are logged where they are answered: a line per request costs a fifth of them.
    logger: false,
    frameworkErrors: (error, request, reply) => void errorHandler(deps.log)(error, request, reply),
    clientErrorHandler,
    return503OnClosing: true,
    forceCloseConnections: "idle",
  });
  readJsonBodies(app);
  app.setErrorHandler(errorHandler(deps.log));
  refuseUnknownRoutes(app);
  measureRequests(app, deps.metrics);
  await app.register(deps.authentication);
  const routeDeps = { ...deps, reader: openReader(deps.pool) };
  for (const route of ROUTES) registerRoute(app, routeDeps, route);
  await app.register(documentation);
  for (const plugin of deps.plugins ?? []) await app.register(plugin);
  return app;
}
