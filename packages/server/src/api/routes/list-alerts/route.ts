import { z } from "zod";

import { listAlerts as readAlerts } from "../../../ledger/read/alert-store.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute } from "../../route/route.ts";
import { code } from "../../schema/fields.ts";
import { cursor, limit, pageOf, sequencePart } from "../../schema/paging.ts";
import { alertView } from "../../view/alert-view.ts";
import { alertList } from "./schema.ts";

export const listAlerts = defineRoute({
  method: "GET",
  path: "/v1/alerts",
  access: "read",
  tag: "History and work lists",
  summary: "What needs somebody, newest first",
  description:
    "Open ones by default. oversold, unmapped_sale, cancelled_no_stock and cancel_requested are written with the entry that caused them; an oversold one comes with a proposal which promise to give up.",
  answer: { status: 200, description: "A page.", schema: alertList },
  problems: [],
  params: NOTHING,
  query: z.strictObject({
    state: z.enum(["open", "resolved", "all"]).default("open"),
    kind: code.exactOptional(),
    sku: code.exactOptional(),
    limit,
    cursor: cursor(z.tuple([sequencePart, code])),
  }),
  body: null,
  async handle(deps, { caller, query }) {
    const [openedSeq, id] = query.cursor ?? [];
    const listed = await readAlerts(deps.reader, {
      sellerId: caller.sellerId,
      state: query.state,
      kind: query.kind ?? null,
      sku: query.sku ?? null,
      before: openedSeq === undefined || id === undefined ? null : { openedSeq, id },
      limit: query.limit + 1,
    });
    const { items, nextCursor } = pageOf(listed, query.limit, (alert) => [alert.openedSeq, alert.id]);
    return answer(200, { alerts: items.map(alertView), nextCursor });
  },
});
