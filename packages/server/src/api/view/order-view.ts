import { shippedWhole } from "@onepool/core/ledger/claim-parts.ts";
import { mergeSources, type MergedFacts } from "@onepool/core/ledger/merged-facts.ts";
import type { ClaimLine } from "@onepool/core/ledger/order-record.ts";
import { heldFacts } from "@onepool/core/ledger/source-facts.ts";
import type { z } from "zod";

import type { StoredOrder } from "../../ledger/read/order-store.ts";
import type { orderAnswer } from "../routes/get-order/schema.ts";
import { instantText } from "./instant-text.ts";

type OrderView = z.output<typeof orderAnswer>;

/** An order with, per line, what the sources say of it together and what stands in the ledger for it. */
export function orderView({ order, ...stored }: StoredOrder): OrderView {
  return {
    channel: order.channel,
    orderId: order.orderId,
    status: order.status,
    placedAt: instantText(order.placedAt),
    updatedAt: instantText(order.updatedAt),
    doNotShip: order.doNotShip,
    cancelRequested: order.cancelRequested,
    reservationId: order.reservationId,
    lines: order.lines.map(lineView),
    firstSeq: stored.firstSeq,
    lastSeq: stored.lastSeq,
    firstRecordedAt: instantText(stored.firstRecordedAt),
    lastRecordedAt: instantText(stored.lastRecordedAt),
  };
}

function shippedOf(said: MergedFacts | null, { recipe }: ClaimLine): number {
  return said === null ? 0 : shippedWhole(said, recipe);
}

function leftOf(said: MergedFacts | null): OrderView["lines"][number]["left"] {
  return (said?.left ?? []).map((counted) => ({ ...counted }));
}

function claimView({ parts, ...whole }: ClaimLine["posted"]): OrderView["lines"][number]["claim"] {
  return parts === undefined ? whole : { ...whole, parts: parts.map((part) => ({ ...part })) };
}

function lineView(line: ClaimLine): OrderView["lines"][number] {
  const said = mergeSources(line.sources, heldFacts);
  return {
    lineId: line.lineId,
    sku: line.sku,
    listing: line.listing,
    quantity: said?.quantity ?? 0,
    cancelled: said?.cancelled ?? 0,
    shipped: shippedOf(said, line),
    returning: said?.returning ?? 0,
    fulfilledBy: said?.fulfilledBy ?? "seller",
    mapped: line.recipe !== null,
    components: (line.recipe ?? []).map(({ sku, units }) => ({ sku, units })),
    received: line.received,
    lost: line.lost ?? {},
    left: leftOf(said),
    claim: claimView(line.posted),
  };
}
