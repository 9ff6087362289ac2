import { bookLevel } from "@onepool/core/intake/keeper/book-level.ts";
import { z } from "zod";

import { inTransaction } from "../../../connections/in-transaction.ts";
import { noteDrifts } from "../../../intake/keeper/note-drifts.ts";
import { keepAccepted } from "../../../intake/keeper/reconciliation-store.ts";
import { problemBody, statusOf } from "../../problem.ts";
import { RECORDED } from "../../route/batch-route.ts";
import { findLevel } from "../../route/find-level.ts";
import { answer, defineRoute, refusal } from "../../route/route.ts";
import { recorded, submit } from "../../route/submit.ts";
import { code, instant } from "../../schema/fields.ts";

export const acceptKeeperLevel = defineRoute({
  method: "POST",
  path: "/v1/keepers/{connection}/levels/{location}/{sku}/accept",
  access: "operate",
  tag: "Stock",
  summary: "Take the keeper's word for a level",
  description:
    "Books what it last said as counts as of its time: what moved since stays moved. Again for the same word changes nothing.",
  answer: { status: 200, description: "Recorded.", schema: RECORDED },
  problems: ["unknown_connection", "unknown_level", "level_changed", "keeper_not_live"],
  params: z.strictObject({ connection: code, location: code, sku: code }),
  query: z.strictObject({
    asOf: instant.exactOptional().meta({
      description: "The end of asOf as it was shown: what the keeper said since is not accepted unseen.",
    }),
  }),
  body: null,
  async handle(deps, call) {
    const { caller, params, query } = call;
    const { connection, location, sku } = params;
    const found = await findLevel(deps, caller.sellerId, params);
    if (!found.ok) return refusal(found.problem);
    const { row, keeper } = found;
    if (query.asOf !== undefined && query.asOf !== row.asOfTo) {
      const message = `${connection} has told newer levels of ${sku} at ${location}.`;
      return refusal({ code: "level_changed", field: "asOf", message });
    }
    if (keeper.connection.mode !== "live") {
      const message = `${connection} is not live: nothing it says is booked before it is.`;
      return refusal({ code: "keeper_not_live", field: "connection", message });
    }
    const origin = { connection, document: `accepted/${row.asOfTo}`, occurredAt: row.asOfTo };
    const level = {
      location,
      sku,
      sellable: row.sellable,
      drift: row.drift,
      driftHeld: row.driftHeld,
      damaged: row.expectedHeld,
    };
    const commands = bookLevel(origin, level, `${connection}: accepted by a person`);
    if (commands.length === 0) return answer(200, { ok: true, seq: keeper.connection.updatedSeq });
    const key = { sellerId: caller.sellerId, code: connection };
    const told = await submit(deps, call, commands, (results) => {
      const [first] = results;
      if (first === undefined) throw new Error("the ledger answered no result for a count");
      const refused = results.find((result) => !result.ok);
      if (refused !== undefined && !refused.ok)
        return { status: statusOf(refused.rejection), answer: problemBody(refused.rejection) };
      return recorded(first.ok ? first.seq : 0, {});
    });
    if (!told.ok || told.status !== 200) return told;
    const now = deps.clock.now();
    await inTransaction(deps.pool, async (client) => {
      await keepAccepted(client, key, row, now);
      await noteDrifts(client, key, { isLive: true, now });
    });
    return told;
  },
});
