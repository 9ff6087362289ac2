import type { ClaimLine } from "@onepool/core/ledger/order-record.ts";
import type { Units } from "@onepool/core/ledger/units.ts";
import type { z } from "zod";

import type { StoredAlert } from "../../ledger/read/alert-store.ts";
import type { alertAnswer } from "../routes/list-alerts/schema.ts";
import { instantText } from "./instant-text.ts";

type AlertView = z.output<typeof alertAnswer>;

export function alertView(alert: StoredAlert): AlertView {
  const { id, kind, severity, body } = alert;
  const { sku, channel, orderId, lineId, units, message } = body;
  return {
    id,
    kind,
    severity,
    sku,
    connection: channel,
    order: channel === null || orderId === null ? null : { channel, orderId, lineId },
    units,
    message,
    proposal: proposalOf(alert),
    openedAt: instantText(alert.openedAt),
    openedSeq: alert.openedSeq,
    resolvedAt: instantText(alert.resolvedAt),
    resolvedSeq: alert.resolvedSeq,
  };
}

/** Which promise to give up: the one made last has waited least. */
function proposalOf({ youngestPromise: promise, subject: sku }: StoredAlert): AlertView["proposal"] {
  if (promise === null) return null;
  const { order, reservation } = promise;
  if (order !== null) {
    const { channel, orderId, lines } = order;
    const units = lines.reduce((sum, line) => sum + promisedUnits(line, sku), 0);
    return { action: "give_up", order: { channel, orderId }, reservationId: null, units };
  }
  if (reservation === null) return null;
  const units = reservation.components.find((component) => component.sku === sku)?.units ?? 0;
  return { action: "give_up", order: null, reservationId: reservation.reservationId, units };
}

function promisedUnits({ posted, recipe }: ClaimLine, sku: string): Units {
  const perSale = recipe?.find((component) => component.sku === sku)?.units ?? 0;
  return (posted.reserved + posted.committed) * perSale;
}
