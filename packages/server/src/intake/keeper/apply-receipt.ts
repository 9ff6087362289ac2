import type { ReceiptFact } from "@onepool/connectors/contract/keeper/keeper-fact.ts";
import {
  EMPTY_INBOUND,
  type InboundDocument,
  joinReceipt,
  planReceipt,
} from "@onepool/core/intake/keeper/plan-receipt.ts";

import {
  type ApplyContext,
  BEFORE_CUT_OVER,
  type FactPlan,
  originOf,
  translatedLines,
  withRest,
} from "./apply-context.ts";
import { findInbound, readDocument, writeDocument } from "./keeper-document-store.ts";
import { lateFirst } from "./late-first.ts";

/** A delivery to the keeper as it stands: what is new of it is received. */
export async function applyReceipt(context: ApplyContext, fact: ReceiptFact): Promise<FactPlan> {
  const { client, key, now } = context;
  const { lines, waits } = await translatedLines(context, fact.lines);
  if (waits !== null && lines.length === 0) return { kind: "wait", why: waits };
  const { keeperInboundId: keeperId, reference } = fact;
  const known = await readDocument<InboundDocument>(client, key, "inbound", keeperId);
  const parts = lines.map(({ sku, location, perItem, told }) => ({
    sku,
    location,
    expected: told.expected * perItem,
    stowed: told.stowed * perItem,
    damaged: told.damaged * perItem,
  }));
  const before = known?.state ?? EMPTY_INBOUND;
  const after = joinReceipt(before, parts);
  const inboundId = await findInbound(client, key, {
    reference: reference ?? known?.reference ?? null,
    keeperId,
  });
  const moves = planReceipt(originOf(context, keeperId, fact.occurredAt), before, after, inboundId);
  const row = { kind: "inbound" as const, keeperId, reference, channel: null, orderId: null, state: after };
  await writeDocument(client, key, row, now);
  // Kept all the same: what is stowed after the cut-over is the difference to it.
  if (context.isHistory) return BEFORE_CUT_OVER;
  if (moves.length === 0) return withRest({ kind: "nothing", why: null }, waits);
  return { kind: "book", commands: await lateFirst(context, moves, fact.occurredAt, moves), waits };
}
