import { z } from "zod";

import { inboxId } from "../../../intake/inbox-id.ts";
import { listInbox as readInbox } from "../../../intake/inbox-list-store.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute } from "../../route/route.ts";
import { cursor, limit, pageOf } from "../../schema/paging.ts";
import { instantText } from "../../view/instant-text.ts";
import { inboxList, inboxState } from "./schema.ts";

export const listInbox = defineRoute({
  method: "GET",
  path: "/v1/inbox",
  access: "read",
  tag: "History and work lists",
  summary: "Notifications that are put aside or wait, the oldest first",
  description:
    "poisoned: failed too often, put aside until the cause is mended and `npm run onepool -- inbox replay` is called, or there is news of it. waiting: to be read, or read again. stray: messages of a queue that only you read, which are malformed or name an account that none of your connections has.",
  answer: { status: 200, description: "A page.", schema: inboxList },
  problems: [],
  params: NOTHING,
  query: z.strictObject({
    state: inboxState.default("poisoned"),
    limit,
    cursor: cursor(z.tuple([z.int().min(0), z.string(), z.string(), z.string()])),
  }),
  body: null,
  async handle(deps, { caller, query }) {
    const { state } = query;
    const [receivedAt, connection = "", topic = "", resource = ""] = query.cursor ?? [];
    const after = receivedAt === undefined ? null : { receivedAt, connection, topic, resource };
    const filter = { sellerId: caller.sellerId, state, after, limit: query.limit + 1 };
    const listed = await readInbox(deps.reader, filter);
    const { items, nextCursor } = pageOf(listed, query.limit, (item) => [
      item.receivedAt,
      item.connection,
      item.topic,
      item.resource,
    ]);
    const now = deps.clock.now();
    const notifications = items.map((item) => ({
      id: inboxId(item),
      state,
      connection: item.connection === "" ? null : item.connection,
      topic: item.topic,
      resource: item.resource,
      reason: item.reason,
      attempts: item.attempts,
      arrivals: item.arrivals,
      receivedAt: instantText(item.receivedAt),
      ageMs: Math.max(0, now - item.receivedAt),
      nextAttemptAt: state === "waiting" ? instantText(item.nextAttemptAt) : null,
      putAsideAt: instantText(item.putAsideAt),
    }));
    return answer(200, { notifications, nextCursor });
  },
});
