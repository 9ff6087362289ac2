import { z } from "zod";

import { fetchInbounds } from "../../../publish/fulfilment/fetched-store.ts";
import { findFetchingKeeper } from "../../route/find-fetching-keeper.ts";
import { answer, defineRoute, refusal } from "../../route/route.ts";
import { instantAnswer } from "../../schema/answers.ts";
import { code } from "../../schema/fields.ts";
import { cursor, limit, pageOf } from "../../schema/paging.ts";
import { instantText } from "../../view/instant-text.ts";
import { keeperOrderState } from "../list-keeper-orders/schema.ts";

const inbound = z
  .strictObject({
    reference: z.string().meta({ description: "Ours: name it in answers and in what came." }),
    inboundId: z.string(),
    facility: z.string().meta({ description: "The place as the keeper calls it." }),
    state: keeperOrderState,
    keeperInboundId: z.string().nullable(),
    expectedAt: instantAnswer.nullable(),
    lines: z.array(z.strictObject({ item: z.string(), units: z.int() })),
  })
  .meta({ id: "FetchedInbound" });

export const fetchKeeperInbounds = defineRoute({
  method: "GET",
  path: "/v1/keepers/{connection}/inbounds",
  access: "operate",
  tag: "Stock",
  summary: "What a keeper is to expect, the oldest announcement first",
  description: "For connections of a kind that fetches them, such as http-keeper.",
  answer: {
    status: 200,
    description: "A page.",
    schema: z.strictObject({ inbounds: z.array(inbound), nextCursor: z.string().nullable() }),
  },
  problems: ["unknown_connection", "keeper_not_live"],
  params: z.strictObject({ connection: code }),
  query: z.strictObject({
    state: keeperOrderState.default("wanted"),
    limit,
    cursor: cursor(z.tuple([z.int().min(0), z.string()])),
  }),
  body: null,
  async handle(deps, { caller, params, query }) {
    const { sellerId } = caller;
    const { connection } = params;
    const found = await findFetchingKeeper(deps, sellerId, { connection, about: "inbounds" });
    if (!found.ok) return refusal(found.problem);
    const [createdAt, reference = ""] = query.cursor ?? [];
    const after = createdAt === undefined ? null : { createdAt, reference };
    const ask = { sellerId, connection, state: query.state, after, limit: query.limit + 1 };
    const fetched = await fetchInbounds(deps.reader, ask);
    const { items, nextCursor } = pageOf(fetched, query.limit, (item) => [item.createdAt, item.reference]);
    const inbounds = items.map(({ createdAt: _createdAt, expectedAt, ...item }) => ({
      ...item,
      expectedAt: instantText(expectedAt),
    }));
    return answer(200, { inbounds, nextCursor });
  },
});
