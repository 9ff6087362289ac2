import type { FastifyInstance } from "fastify";

import { type SearchQuery, wholeNumber } from "../users/item-search.ts";
import { sendAnswer } from "../vendor/send-answer.ts";
import { accessDenied, standardError, type VendorAnswer } from "../vendor/vendor-answer.ts";
import { type Caller, callerOf } from "../vendor/vendor-api.ts";
import { sellerOf, type World } from "../world.ts";

const DEFAULT_ROWS = 10;

function answerMissedFeeds(world: World, query: SearchQuery, { app }: Caller): VendorAnswer {
  if (query.app_id === undefined) return standardError(400, "bad_request", "app_id is required");
  if (query.app_id !== app.clientId) return accessDenied;
  if (query.topic === "items" && query.site_id === undefined) {
    return standardError(400, "bad_request", "site_id is required for topic items");
  }
  const limit = wholeNumber(query.limit, DEFAULT_ROWS);
  const offset = wholeNumber(query.offset, 0);
  if (limit === undefined || offset === undefined) {
    return standardError(400, "bad_request", "limit and offset must be numbers");
  }
  const filter = {
    appId: app.id,
    topic: query.topic,
    siteId: query.site_id,
    repeated: world.faults.current().notifications.missedRowsRepeat ? 1 : 0,
    siteOf: (account: string) => sellerOf(world, account).siteId,
  };
  const messages = world.outbox.missed.page(filter, offset, limit);
  // Captured: the end of the list, and an empty list, is null.
  return { status: 200, body: { messages: messages.length === 0 ? null : messages } };
}

/** `GET /missed_feeds`. */
export function registerMissedFeedsRoutes(server: FastifyInstance, world: World): void {
  server.get<{ Querystring: SearchQuery }>("/missed_feeds", (request, reply) =>
    sendAnswer(reply, answerMissedFeeds(world, request.query, callerOf(request))),
  );
}
