import { z } from "zod";

import { readConnection } from "../../../ledger/read/connection-store.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute, refusal } from "../../route/route.ts";
import { code } from "../../schema/fields.ts";
import { connectionsNow } from "../../view/connections-now.ts";
import { unknownConnection } from "../../view/unknown.ts";
import { connectionAnswer } from "./schema.ts";

export const getConnection = defineRoute({
  method: "GET",
  path: "/v1/connections/{code}",
  access: "read",
  tag: "The map",
  summary: "One account at a channel",
  answer: { status: 200, description: "The connection, without its credentials.", schema: connectionAnswer },
  problems: ["unknown_connection"],
  params: z.strictObject({ code }),
  query: NOTHING,
  body: null,
  async handle(deps, { caller, params }) {
    const connection = await readConnection(deps.reader, caller.sellerId, params.code);
    if (connection === null) return refusal(unknownConnection(params.code));
    const [shown] = await connectionsNow(deps, caller, [connection], { withDay: true });
    return shown === undefined ? refusal(unknownConnection(params.code)) : answer(200, shown);
  },
});
