// Picks and shipments: what left for an order, in the order's lines; and picks that do not say which order they are for.
import type {
  AdjustmentFact,
  PickFact,
  ShipmentFact,
} from "@onepool/connectors/contract/keeper/keeper-fact.ts";
import { adjustmentOf, bare, type Place } from "@onepool/core/intake/keeper/booking.ts";
import { linkedUnits, linkPick, linkShipment } from "@onepool/core/intake/keeper/link-picks.ts";
import { addPick, joinShipment, type OrderDocument } from "@onepool/core/intake/keeper/merge-order.ts";
import {
  EMPTY_ORDER_STATE,
  type NamedLine,
  type OrderState,
  planLeft,
} from "@onepool/core/intake/keeper/plan-left.ts";
import type { Command } from "@onepool/core/ledger/command.ts";
import { mergeSources } from "@onepool/core/ledger/merged-facts.ts";
import type { ClaimLine, OrderRecord } from "@onepool/core/ledger/order-record.ts";
import { heldFacts } from "@onepool/core/ledger/source-facts.ts";
import type { Units } from "@onepool/core/ledger/units.ts";

import {
  type ApplyContext,
  type FactPlan,
  originOf,
  translated,
  translatedLines,
  withRest,
} from "./apply-context.ts";
import { noteGivenOrder } from "./given-order-store.ts";
import { openKeeperAlert } from "./keeper-alert-store.ts";
import {
  type DocumentRow,
  keepUnits,
  readDocument,
  readOpenUnits,
  readOtherOrders,
  useUnits,
  writeDocument,
} from "./keeper-document-store.ts";
import { findOrder, readOrder } from "./keeper-order-link-store.ts";
import { lateFirst } from "./late-first.ts";
import { askForOrder } from "./look-store.ts";
import { retimeShipment } from "./retime-shipment.ts";

/** An order that nobody knows is somebody else's after so long, in milliseconds. */
const UNKNOWN_AFTER_MS = 24 * 3_600_000;

export async function applyShipment(context: ApplyContext, fact: ShipmentFact): Promise<FactPlan> {
  await noteGivenOrder(context.client, context.key, fact, context.now);
  const { lines, waits } = await translatedLines(context, fact.lines);
  if (waits !== null && lines.length === 0) return { kind: "wait", why: waits };
  const parts = lines.map(({ sku, location, perItem, told }) => ({
    sku,
    location,
    lineId: told.lineId ?? null,
    shipped: told.shipped * perItem,
  }));
  const plan = await applyToOrder(context, fact, (document) => joinShipment(document, parts));
  return withRest(plan, waits);
}

export async function applyPick(context: ApplyContext, fact: PickFact): Promise<FactPlan> {
  const lines = await translated(context, [fact]);
  if (!lines.ok) return { kind: "wait", why: lines.why };
  const picks = lines.lines.map(({ sku, location, perItem, told }) => ({
    sku,
    location,
    units: told.units * perItem,
  }));
  return applyToOrder(context, { ...fact, reference: null }, (document) => picks.reduce(addPick, document));
}

async function applyToOrder(
  context: ApplyContext,
  fact: Pick<ShipmentFact, "keeperOrderId" | "reference" | "occurredAt" | "factId">,
  merge: (document: OrderDocument) => OrderDocument,
): Promise<FactPlan> {
  const { client, key, now } = context;
  const { keeperOrderId, reference } = fact;
  const known = await readDocument<OrderState>(client, key, "order", keeperOrderId);
  const order = await orderOf(context, fact, known);
  if (order === null) return unknownOrder(context, fact);
  const { channel, orderId } = order;
  const others = await readOtherOrders<OrderState>(client, key, {
    channel,
    orderId,
    keeperId: keeperOrderId,
  });
  const before = known?.state ?? EMPTY_ORDER_STATE;
  const origin = originOf(context, fact.factId, fact.occurredAt);
  const lines = order.lines.flatMap((line) => namedLine(line));
  const plan = planLeft(origin, { channel, orderId, lines }, { ...before, others }, merge(before.document));
  const row = {
    kind: "order" as const,
    keeperId: keeperOrderId,
    reference,
    channel,
    orderId,
    state: plan.state,
  };
  await writeDocument(client, key, row, now);
  if (plan.commands.length === 0) return { kind: "nothing", why: null };
  const back: Command[] = [];
  const placed = [before, ...others].flatMap((state) => state.placed);
  for (const more of plan.more) {
    back.push(...(await takeBackPicks(context, fact, more)));
    const { factId, occurredAt } = fact;
    back.push(...(await retimeShipment(context, order, placed, { ...more, factId, occurredAt })));
  }
  return {
    kind: "book",
    commands: await lateFirst(context, plan.more, fact.occurredAt, [...plan.commands, ...back]),
  };
}

async function orderOf(
  { client, key, map }: ApplyContext,
  { keeperOrderId, reference }: Pick<ShipmentFact, "keeperOrderId" | "reference">,
  known: DocumentRow<OrderState> | null,
): Promise<OrderRecord | null> {
  const { sellerId } = key;
  if (known !== null && known.channel !== null && known.orderId !== null)
    return readOrder(client, sellerId, { channel: known.channel, orderId: known.orderId });
  const references = reference === null ? [] : [reference];
  return findOrder(client, key, { references, keeperOrderId }, map.sendsOrders);
}

/** A line as the ledger has it, with what the channel sold; null recipe while nobody mapped it. */
function namedLine(line: ClaimLine): NamedLine[] {
  const merged = mergeSources(line.sources, heldFacts);
  if (merged === null || merged.fulfilledBy === "channel") return [];
  const { lineId, recipe, sku, listing } = line;
  return [{ lineId, recipe, sku, listing, quantity: merged.quantity }];
}

async function unknownOrder(
  { client, key, claimed, now }: ApplyContext,
  { keeperOrderId, reference }: Pick<ShipmentFact, "keeperOrderId" | "reference">,
): Promise<FactPlan> {
  const why = `Order ${reference ?? keeperOrderId} of ${key.code} is none that is known here.`;
  // A pick names the keeper's id alone: the order's own state tells whose it is.
  if (reference === null && claimed.state === "due") await askForOrder(client, key, { keeperOrderId }, now);
  if (now - claimed.receivedAt >= UNKNOWN_AFTER_MS) {
    const message = `${why} What left for it is only seen in the levels: send that channel's orders here, or tell the keeper's other owners apart.`;
    await openKeeperAlert(
      client,
      key,
      { kind: "keeper_order_unknown", severity: "warning", units: 0, message },
      now,
    );
  }
  return { kind: "wait", why };
}

/** Picks told without an order were booked; the shipment that they were for moves the same units, so they are taken back. */
async function takeBackPicks(
  context: ApplyContext,
  { factId, occurredAt }: Pick<ShipmentFact, "factId" | "occurredAt">,
  more: Place & { readonly units: Units },
): Promise<readonly Command[]> {
  const { client, key } = context;
  const place = bare(more);
  const linked = linkShipment(await readOpenUnits(client, key, place, "pick"), {
    units: more.units,
    occurredAt,
  });
  await useUnits(
    client,
    key,
    { ...place, side: "pick" },
    linked.map(({ factId: pick, from, to }) => ({ factId: pick, units: to - from })),
  );
  const open = more.units - linkedUnits(linked);
  await keepUnits(client, key, { ...place, side: "shipment", factId, units: more.units, open, occurredAt });
  return linked.map(({ factId: pick, from, to }) =>
    adjustmentOf(originOf(context, pick, occurredAt), place, {
      bucket: "sellable",
      units: to - from,
      step: `linked/${from}-${to}`,
      reason: `${key.code}: picked before for an order that is known now`,
    }),
  );
}

/** A pick that does not say for which order: booked now, unless the shipment that it belongs to was told before it. */
export async function bookUnlinkedPick(
  context: ApplyContext,
  fact: AdjustmentFact,
  place: Place,
  units: Units,
): Promise<readonly Command[]> {
  const { client, key } = context;
  const { factId, occurredAt } = fact;
  const linked = linkPick(await readOpenUnits(client, key, place, "shipment"), { units, occurredAt });
  await useUnits(
    client,
    key,
    { ...place, side: "shipment" },
    linked.map(({ factId: shipment, from, to }) => ({ factId: shipment, units: to - from })),
  );
  const open = units - linkedUnits(linked);
  if (open === 0) return [];
  await keepUnits(client, key, { ...place, side: "pick", factId, units: open, open, occurredAt });
  return [
    adjustmentOf(originOf(context, factId, occurredAt), place, {
      bucket: "sellable",
      units: -open,
      step: "picked",
      reason: `${key.code}: picked, for which order is not told yet`,
    }),
  ];
}
