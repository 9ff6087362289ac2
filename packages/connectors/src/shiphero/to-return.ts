import type { Instant, Units } from "@onepool/core/ledger/units.ts";

import type { ReturnFact } from "../contract/keeper/keeper-fact.ts";
import { stateFactId } from "../contract/keeper/state-fact-id.ts";
import { idOf, numberOf } from "./vendor-id.ts";
import { readTime } from "./vendor-time.ts";
import type { WireReturn, WireReturnNews } from "./wire.ts";

interface Line {
  readonly item: string;
  readonly facility: string;
  readonly quantity: Units;
  readonly received: Units;
  readonly restocked: Units;
}

interface Told {
  readonly id: string;
  readonly status: string;
  readonly occurredAt: Instant;
  readonly orderReference: string | null;
  readonly lines: readonly Line[];
}

/** A return as the API lists it. Its lines say when they changed. */
export function toReturn(told: WireReturn, timeZone: string): ReturnFact {
  const times = [told.created_at, ...told.line_items.flatMap(({ updated_at: at }) => at ?? [])];
  return factOf({
    id: told.id,
    status: told.status ?? "",
    occurredAt: Math.max(...times.map((at) => readTime(at, timeZone))),
    orderReference: told.order?.partner_order_id || told.order?.order_number || null,
    lines: told.line_items.map((line) => ({
      item: line.product.sku,
      facility: numberOf(line.warehouse_id),
      quantity: line.quantity,
      received: line.quantity_received ?? 0,
      restocked: line.restock ?? 0,
    })),
  });
}

/**
 * The same as "Return Update" tells it: a state, told again at every change, without the time of the change; it comes within seconds
 * as a rule, so it is that of its arrival. Its date of creation would put goods on the shelf days before they were.
 */
export function toReturnOfNews(told: WireReturnNews, receivedAt: Instant): ReturnFact {
  return factOf({
    id: told.return_uuid || idOf("Return", told.return_id),
    status: told.status ?? "",
    occurredAt: receivedAt,
    orderReference: told.partner_order_id || told.order_number || null,
    lines: told.items.map((line) => ({
      item: line.sku,
      facility: line.warehouse_id,
      quantity: line.quantity,
      received: line.quantity_received ?? 0,
      restocked: line.restock ?? 0,
    })),
  });
}

function factOf({ id, occurredAt, orderReference, ...told }: Told): ReturnFact {
  const status = statusOf(told.status, told.lines);
  const state = {
    keeperReturnId: id,
    reference: null,
    orderReference,
    status,
    lines: told.lines.map((line) => lineOf(line, status === "closed")),
  };
  // Without the time: the same state told by either way is one fact.
  const factId = stateFactId("return", numberOf(id), state);
  return { kind: "return", factId, occurredAt, updatedAt: null, ...state };
}

function statusOf(told: string, lines: readonly Line[]): ReturnFact["status"] {
  if (/^complete|^closed$/i.test(told)) return "closed";
  if (/^cancel/i.test(told)) return "cancelled";
  return lines.some(({ received }) => received > 0) ? "open" : "announced";
}

/** Of received units only those are told that went back on the shelf; the others are kept apart once the return is complete. */
function lineOf(
  { quantity, received, restocked, ...where }: Line,
  isClosed: boolean,
): ReturnFact["lines"][number] {
  return {
    ...where,
    quantity,
    received,
    dispositions: {
      restocked,
      quarantined: isClosed ? Math.max(0, received - restocked) : 0,
      disposed: 0,
      missing: isClosed ? Math.max(0, quantity - received) : 0,
    },
  };
}
