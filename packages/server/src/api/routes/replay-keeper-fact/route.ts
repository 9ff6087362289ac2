import { z } from "zod";

import { replayFact } from "../../../intake/keeper/fact-list-store.ts";
import { findKeeper } from "../../route/find-keeper.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute, refusal } from "../../route/route.ts";
import { code } from "../../schema/fields.ts";
import { factState } from "../list-keeper-facts/schema.ts";

export const replayKeeperFact = defineRoute({
  method: "POST",
  path: "/v1/keepers/{connection}/facts/{factId}/replay",
  access: "operate",
  tag: "History and work lists",
  summary: "Have a fact that was put aside tried again",
  description: "One that waits is tried now. One that is done stays done.",
  answer: {
    status: 200,
    description: "Its state by then.",
    schema: z.strictObject({ factId: z.string(), state: factState }),
  },
  problems: ["unknown_connection", "unknown_fact"],
  params: z.strictObject({ connection: code, factId: code }),
  query: NOTHING,
  body: null,
  async handle(deps, { caller, params }) {
    const { sellerId } = caller;
    const { connection, factId } = params;
    const found = await findKeeper(deps, sellerId, connection);
    if (!found.ok) return refusal(found.problem);
    const state = await replayFact(deps.pool, { sellerId, connection, factId }, deps.clock.now());
    if (state === null) {
      const message = `There is no fact ${factId} of ${connection}.`;
      return refusal({ code: "unknown_fact", field: "factId", message });
    }
    deps.keepers?.onStored();
    return answer(200, { factId, state });
  },
});
