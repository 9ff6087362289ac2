import type { FastifyInstance } from "fastify";

import { sendAnswer } from "./vendor/send-answer.ts";
import { accessDenied } from "./vendor/vendor-answer.ts";
import { callerOf } from "./vendor/vendor-api.ts";

/** `GET /applications/{id}`: the quota and where notifications go; only for the app itself. */
export function registerApplicationRoutes(server: FastifyInstance): void {
  server.get<{ Params: { id: string } }>("/applications/:id", (request, reply) => {
    const { app, seller } = callerOf(request);
    if (String(app.id) !== request.params.id) return sendAnswer(reply, accessDenied);
    const body = {
      id: app.id,
      site_id: seller.siteId,
      name: app.name,
      active: true,
      max_requests_per_hour: app.maxRequestsPerHour,
      scopes: ["offline_access", "read", "write"],
      redirect_uris: app.redirectUris,
      notifications_callback_url: app.callbackUrl,
      notifications_topics: app.topics.filter((topic) => !app.disabledTopics.includes(topic)),
    };
    return sendAnswer(reply, { status: 200, body });
  });
}
