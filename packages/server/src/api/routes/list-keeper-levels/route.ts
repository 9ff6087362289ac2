import { z } from "zod";

import { listLevels } from "../../../intake/keeper/reconciliation-store.ts";
import { findKeeper } from "../../route/find-keeper.ts";
import { answer, defineRoute, refusal } from "../../route/route.ts";
import { nextCursor } from "../../schema/answers.ts";
import { code } from "../../schema/fields.ts";
import { cursor, limit, pageOf } from "../../schema/paging.ts";
import { keeperLevelView } from "../../view/keeper-level-view.ts";
import { keeperLevel, levelState } from "./schema.ts";

export const listKeeperLevels = defineRoute({
  method: "GET",
  path: "/v1/keepers/{connection}/levels",
  access: "read",
  tag: "Stock",
  summary: "What a keeper last said lies there, held against the ledger",
  answer: {
    status: 200,
    description: "A page, by location and SKU.",
    schema: z.strictObject({ levels: z.array(keeperLevel), nextCursor }),
  },
  problems: ["unknown_connection"],
  params: z.strictObject({ connection: code }),
  query: z.strictObject({
    state: levelState.exactOptional(),
    sku: code.exactOptional(),
    limit,
    cursor: cursor(z.tuple([code, code])),
  }),
  body: null,
  async handle(deps, { caller, params, query }) {
    const found = await findKeeper(deps, caller.sellerId, params.connection);
    if (!found.ok) return refusal(found.problem);
    const { state = null, sku = null } = query;
    const [location, last] = query.cursor ?? [];
    const rows = await listLevels(deps.reader, {
      sellerId: caller.sellerId,
      code: params.connection,
      state,
      sku,
      after: location === undefined || last === undefined ? null : { location, sku: last },
      limit: query.limit + 1,
    });
    const { items, nextCursor: next } = pageOf(rows, query.limit, (row) => [row.location, row.sku]);
    return answer(200, { levels: items.map((row) => keeperLevelView(row)), nextCursor: next });
  },
});
