import { z } from "zod";

import { inTransaction } from "../../../connections/in-transaction.ts";
import { askForLevels } from "../../../intake/keeper/look-store.ts";
import { wantRecount } from "../../../intake/keeper/reconciliation-store.ts";
import { findLevel } from "../../route/find-level.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute, refusal } from "../../route/route.ts";
import { instantAnswer } from "../../schema/answers.ts";
import { code } from "../../schema/fields.ts";
import { instantText } from "../../view/instant-text.ts";

export const recountKeeperLevel = defineRoute({
  method: "POST",
  path: "/v1/keepers/{connection}/levels/{location}/{sku}/recount",
  access: "operate",
  tag: "Stock",
  summary: "Have a level read again",
  description:
    "Marks it, and reads it at the keeper at once where single items can be read; otherwise the next levels tell. No keeper can be told to count its shelves by a call: ask its people for that.",
  answer: {
    status: 200,
    description: "Marked.",
    schema: z.strictObject({
      recountWantedAt: instantAnswer,
      isRead: z.boolean().meta({ description: "It is read at once." }),
    }),
  },
  problems: ["unknown_connection", "unknown_level"],
  params: z.strictObject({ connection: code, location: code, sku: code }),
  query: NOTHING,
  body: null,
  async handle(deps, { caller, params }) {
    const found = await findLevel(deps, caller.sellerId, params);
    if (!found.ok) return refusal(found.problem);
    const { row, keeper } = found;
    const now = deps.clock.now();
    const key = { sellerId: caller.sellerId, code: params.connection };
    const isRead = keeper.kind.capability.levelsPerRead > 0;
    await inTransaction(deps.pool, async (client) => {
      await wantRecount(client, key, row, now);
      if (isRead) await askForLevels(client, key, [row.item], now);
    });
    deps.keepers?.onStored();
    return answer(200, { recountWantedAt: instantText(now), isRead });
  },
});
