import { z } from "zod";

import { listConnections as readConnections } from "../../../ledger/read/connection-store.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute } from "../../route/route.ts";
import { nextCursor } from "../../schema/answers.ts";
import { code } from "../../schema/fields.ts";
import { cursor, limit, pageOf } from "../../schema/paging.ts";
import { connectionsNow } from "../../view/connections-now.ts";
import { connectionAnswer } from "../get-connection/schema.ts";

export const listConnections = defineRoute({
  method: "GET",
  path: "/v1/connections",
  access: "read",
  tag: "The map",
  summary: "The accounts at channels",
  answer: {
    status: 200,
    description: "A page, by code.",
    schema: z.strictObject({ connections: z.array(connectionAnswer), nextCursor }),
  },
  problems: [],
  params: NOTHING,
  query: z.strictObject({ limit, cursor: cursor(z.tuple([code])) }),
  body: null,
  async handle(deps, { caller, query }) {
    const after = query.cursor?.[0] ?? null;
    const page = { sellerId: caller.sellerId, after, limit: query.limit + 1 };
    const { items, nextCursor: next } = pageOf(
      await readConnections(deps.reader, page),
      query.limit,
      (connection) => [connection.code],
    );
    const connections = await connectionsNow(deps, caller, items, { withDay: false });
    return answer(200, { connections, nextCursor: next });
  },
});
