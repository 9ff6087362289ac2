import { z } from "zod";

import { listFacts } from "../../../intake/keeper/fact-list-store.ts";
import { findKeeper } from "../../route/find-keeper.ts";
import { answer, defineRoute, refusal } from "../../route/route.ts";
import { code } from "../../schema/fields.ts";
import { cursor, limit, pageOf, sequencePart } from "../../schema/paging.ts";
import { instantText } from "../../view/instant-text.ts";
import { factList, factState } from "./schema.ts";

export const listKeeperFacts = defineRoute({
  method: "GET",
  path: "/v1/keepers/{connection}/facts",
  access: "read",
  tag: "History and work lists",
  summary: "What a keeper told and what came of it, the newest first",
  description:
    "waiting: a facility, an item or an order is not known; tried again when that changes, and every hour. nothing: it told nothing that was not known. poison: failed too often, put aside until it is replayed. Snapshots are kept a week.",
  answer: { status: 200, description: "A page.", schema: factList },
  problems: ["unknown_connection"],
  params: z.strictObject({ connection: code }),
  query: z.strictObject({
    state: factState.exactOptional(),
    limit,
    cursor: cursor(z.tuple([sequencePart])),
  }),
  body: null,
  async handle(deps, { caller, params, query }) {
    const { sellerId } = caller;
    const found = await findKeeper(deps, sellerId, params.connection);
    if (!found.ok) return refusal(found.problem);
    const { connection } = params;
    const { state = null } = query;
    const before = query.cursor?.[0] ?? null;
    const filter = { sellerId, connection, state, before, limit: query.limit + 1 };
    const { items, nextCursor } = pageOf(await listFacts(deps.pool, filter), query.limit, ({ arrival }) => [
      arrival,
    ]);
    const facts = items.map((item) => ({
      factId: item.factId,
      kind: item.kind,
      state: item.state,
      way: item.way,
      deliveryId: item.deliveryId,
      occurredAt: instantText(item.occurredAt),
      receivedAt: instantText(item.receivedAt),
      attempts: item.attempts,
      nextAttemptAt:
        item.state === "due" || item.state === "waiting" ? instantText(item.nextAttemptAt) : null,
      error: item.error,
      seq: item.seq,
      doneAt: instantText(item.doneAt),
      body: item.body,
    }));
    return answer(200, { facts, nextCursor });
  },
});
