import { z } from "zod";

import { inTransaction } from "../../../connections/in-transaction.ts";
import { retryWaitingFacts } from "../../../intake/keeper/keeper-fact-store.ts";
import { acceptSnapshots } from "../../../intake/keeper/reconciliation-store.ts";
import { findKeeper } from "../../route/find-keeper.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute, refusal } from "../../route/route.ts";
import { code } from "../../schema/fields.ts";

export const acceptKeeperSnapshot = defineRoute({
  method: "POST",
  path: "/v1/keepers/{connection}/accept-snapshot",
  access: "operate",
  tag: "Stock",
  summary: "Say that snapshots which looked wrong are right",
  description:
    "A snapshot with a fifth fewer lines than before, or in which most levels fell to 0, is held. It is booked once a second one says the same and you accepted it.",
  answer: {
    status: 200,
    description: "Accepted.",
    schema: z.strictObject({
      ok: z.literal(true),
      strikes: z.int().meta({ description: "Of two that are needed." }),
    }),
  },
  problems: ["unknown_connection", "no_snapshot_held"],
  params: z.strictObject({ connection: code }),
  query: NOTHING,
  body: null,
  async handle(deps, { caller, params }) {
    const { sellerId } = caller;
    const found = await findKeeper(deps, sellerId, params.connection);
    if (!found.ok) return refusal(found.problem);
    const now = deps.clock.now();
    const key = { sellerId, code: params.connection };
    const accepted = await inTransaction(deps.pool, (client) => acceptSnapshots(client, key, now));
    if (accepted === null) {
      const message = `No snapshot of ${params.connection} is held.`;
      return refusal({ code: "no_snapshot_held", field: "connection", message });
    }
    await retryWaitingFacts(deps.pool, key, now);
    deps.keepers?.onStored();
    return answer(200, { ok: true, strikes: accepted.strikes });
  },
});
