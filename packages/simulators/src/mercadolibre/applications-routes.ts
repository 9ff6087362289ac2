import type { FastifyInstance, FastifyRequest } from "fastify";

import { sendAnswer } from "./vendor/send-answer.ts";
import { accessDenied, type VendorAnswer } from "./vendor/vendor-answer.ts";
import { callerOf } from "./vendor/vendor-api.ts";
import { orderTime } from "./vendor/vendor-time.ts";
import { sellerOf, type World } from "./world.ts";

const SCOPES = ["offline_access", "read", "write"];

interface AppRequest {
  Params: { id: string; appId: string };
}

function readApp(request: FastifyRequest<AppRequest>): VendorAnswer {
  const { app, seller } = callerOf(request);
  if (String(app.id) !== request.params.id) return accessDenied;
  const body = {
    id: app.id,
    site_id: seller.siteId,
    name: app.name,
    active: true,
    max_requests_per_hour: app.maxRequestsPerHour,
    scopes: SCOPES,
    redirect_uris: app.redirectUris,
    notifications_callback_url: app.callbackUrl,
    notifications_topics: app.topics.filter((topic) => !app.disabledTopics.includes(topic)),
  };
  return { status: 200, body };
}

function listGrants(world: World, request: FastifyRequest<AppRequest>): VendorAnswer {
  const { app } = callerOf(request);
  if (String(app.id) !== request.params.id) return accessDenied;
  const grants = world.grants.listOf(app.clientId).map(({ account, grantedAt }) => ({
    user_id: sellerOf(world, account).userId,
    app_id: app.id,
    date_created: orderTime(grantedAt),
    scopes: SCOPES,
  }));
  return { status: 200, body: { paging: { total: grants.length, limit: 50, offset: 0 }, grants } };
}

function listAuthorised(world: World, request: FastifyRequest<AppRequest>): VendorAnswer {
  const { app, seller } = callerOf(request);
  if (String(seller.userId) !== request.params.id) return accessDenied;
  const grant = world.grants.of(seller.account);
  const entry = {
    user_id: String(seller.userId),
    app_id: String(app.id),
    date_created: orderTime(grant?.grantedAt ?? seller.registeredAt),
    scopes: SCOPES,
  };
  return { status: 200, body: [entry] };
}

function revoke(world: World, request: FastifyRequest<AppRequest>): VendorAnswer {
  const { app, seller } = callerOf(request);
  const { id, appId } = request.params;
  if (String(seller.userId) !== id || String(app.id) !== appId) return accessDenied;
  world.grants.revoke(seller.account);
  return { status: 200, body: { user_id: id, app_id: appId, msg: "Autorización eliminada" } };
}

/** `/applications`: the quota, where notifications go, who has agreed, and the end of it. */
export function registerApplicationRoutes(server: FastifyInstance, world: World): void {
  server.get<AppRequest>("/applications/:id", (request, reply) => sendAnswer(reply, readApp(request)));
  server.get<AppRequest>("/applications/:id/grants", (request, reply) =>
    sendAnswer(reply, listGrants(world, request)),
  );
  server.get<AppRequest>("/users/:id/applications", (request, reply) =>
    sendAnswer(reply, listAuthorised(world, request)),
  );
  server.delete<AppRequest>("/users/:id/applications/:appId", (request, reply) =>
    sendAnswer(reply, revoke(world, request)),
  );
}
