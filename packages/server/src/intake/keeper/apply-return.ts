import type { ReturnFact } from "@onepool/connectors/contract/keeper/keeper-fact.ts";
import {
  EMPTY_RETURN,
  joinReturn,
  type ReturnDocument,
  type ReturnPart,
} from "@onepool/core/intake/keeper/merge-return.ts";
import { planReturn, type SoldLine } from "@onepool/core/intake/keeper/plan-return.ts";
import type { OurLine } from "@onepool/core/intake/keeper/translate.ts";
import { postingsOf } from "@onepool/core/ledger/claim.ts";
import type { OrderRecord } from "@onepool/core/ledger/order-record.ts";
import type { Units } from "@onepool/core/ledger/units.ts";

import {
  type ApplyContext,
  BEFORE_CUT_OVER,
  type FactPlan,
  originOf,
  translatedLines,
  withRest,
} from "./apply-context.ts";
import { openKeeperAlert } from "./keeper-alert-store.ts";
import { type DocumentRow, readDocument, writeDocument } from "./keeper-document-store.ts";
import { findOrder, readOrder } from "./keeper-order-link-store.ts";
import { lateFirst } from "./late-first.ts";

/** The order of a return may be told after it; then it is booked without. In milliseconds. */
const ORDER_WAIT_MS = 3_600_000;

/** A return as it stands: received into quality control, and on from there as the keeper graded it. */
export async function applyReturn(context: ApplyContext, fact: ReturnFact): Promise<FactPlan> {
  const { client, key, now } = context;
  const { lines, waits } = await translatedLines(context, fact.lines);
  if (waits !== null && lines.length === 0) return { kind: "wait", why: waits };
  const keeperId = fact.keeperReturnId;
  const known = await readDocument<ReturnDocument>(client, key, "return", keeperId);
  const order = await orderOf(context, fact, known);
  if (order === null && mayStillCome(context, fact))
    return { kind: "wait", why: `The return's order ${fact.orderReference} is none that is known here yet.` };
  const parts = lines.map((line) => partOf(line));
  const before = known?.state ?? EMPTY_RETURN;
  const after = joinReturn(before, parts);
  const moves = planReturn(originOf(context, keeperId, fact.occurredAt), before, after, soldLines(order));
  const row = { kind: "return" as const, keeperId, reference: fact.reference, state: after, ...keyOf(order) };
  await writeDocument(client, key, row, now);
  if (context.isHistory) return BEFORE_CUT_OVER;
  await noteMissing(context, fact, { before, after, order });
  if (moves.length === 0) return withRest({ kind: "nothing", why: null }, waits);
  return { kind: "book", commands: await lateFirst(context, after.parts, fact.occurredAt, moves), waits };
}

function keyOf(order: OrderRecord | null): {
  readonly channel: string | null;
  readonly orderId: string | null;
} {
  return { channel: order?.channel ?? null, orderId: order?.orderId ?? null };
}

function mayStillCome({ claimed, now }: ApplyContext, { orderReference }: ReturnFact): boolean {
  return orderReference !== null && now - claimed.receivedAt < ORDER_WAIT_MS;
}

function partOf({ sku, location, perItem, told }: OurLine<ReturnFact["lines"][number]>): ReturnPart {
  const { restocked, quarantined, disposed, missing } = told.dispositions;
  return {
    sku,
    location,
    quantity: told.quantity * perItem,
    arrived: told.received * perItem,
    restocked: restocked * perItem,
    quarantined: quarantined * perItem,
    disposed: disposed * perItem,
    missing: missing * perItem,
  };
}

async function orderOf(
  { client, key }: ApplyContext,
  { orderReference, reference }: ReturnFact,
  known: DocumentRow<ReturnDocument> | null,
): Promise<OrderRecord | null> {
  if (known !== null && known.channel !== null && known.orderId !== null)
    return readOrder(client, key.sellerId, { channel: known.channel, orderId: known.orderId });
  const references = [orderReference, reference].filter((one): one is string => one !== null);
  if (references.length === 0) return null;
  return findOrder(client, key, { references, keeperOrderId: null }, null);
}

/** The order's lines with what left for them and did not come back. */
function soldLines(order: OrderRecord | null): readonly SoldLine[] {
  if (order === null) return [];
  const { channel, orderId, lines } = order;
  return lines.map(({ lineId, recipe, posted, received }) => {
    const out = new Map<string, Units>();
    for (const { sku, bucket, units } of recipe === null ? [] : postingsOf(recipe, posted, received))
      if (bucket === "sellable") out.set(sku, (out.get(sku) ?? 0) - units);
    for (const [sku, units] of Object.entries(received)) out.set(sku, (out.get(sku) ?? 0) - units);
    return { channel, orderId, lineId, recipe, out: Object.fromEntries(out) };
  });
}

/** Units that were announced and were not in the parcel: what to do about them is the seller's to say. */
async function noteMissing(
  { client, key, now }: ApplyContext,
  { keeperReturnId }: ReturnFact,
  {
    before,
    after,
    order,
  }: {
    readonly before: ReturnDocument;
    readonly after: ReturnDocument;
    readonly order: OrderRecord | null;
  },
): Promise<void> {
  const missingOf = ({ parts }: ReturnDocument): Units =>
    parts.reduce((sum, { missing }) => sum + missing, 0);
  const units = missingOf(after);
  if (units <= missingOf(before)) return;
  const sku = after.parts.find(({ missing }) => missing > 0)?.sku ?? null;
  const of = order === null ? "" : ` of order ${order.orderId} of ${order.channel}`;
  const message = `${units} units of return ${keeperReturnId}${of} were not in the parcel, says ${key.code}: write them off as lost, or refuse the refund.`;
  const alert = {
    kind: "return_missing" as const,
    severity: "warning" as const,
    subject: `${key.code}/${keeperReturnId}`,
    sku,
    units,
    message,
    orderId: order?.orderId ?? null,
    channel: order?.channel ?? key.code,
  };
  await openKeeperAlert(client, key, alert, now);
}
