import { z } from "zod";

import { readInbound } from "../../../ledger/read/inbound-store.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute, refusal } from "../../route/route.ts";
import { code } from "../../schema/fields.ts";
import { inboundView } from "../../view/inbound-view.ts";
import { unknownInbound } from "../../view/unknown.ts";
import { inboundAnswer } from "./schema.ts";

export const getInbound = defineRoute({
  method: "GET",
  path: "/v1/inbounds/{inboundId}",
  access: "read",
  tag: "Stock",
  summary: "What is announced of one inbound, and what has come of it",
  answer: { status: 200, description: "The inbound.", schema: inboundAnswer },
  problems: ["unknown_inbound"],
  params: z.strictObject({ inboundId: code }),
  query: NOTHING,
  body: null,
  async handle(deps, { caller, params }) {
    const inbound = await readInbound(deps.reader, caller.sellerId, params.inboundId);
    return inbound === null ? refusal(unknownInbound(params.inboundId)) : answer(200, inboundView(inbound));
  },
});
