// Alerts that no entry of the ledger caused. They carry the number of the ledger's last entry at that time, so that they stand in
// order among the others. The live stream tells of them by observations of their own.
import { randomUUID } from "node:crypto";

import type { AlertKind, AlertRecord } from "@onepool/core/ledger/records.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

/** An alert as it is raised; what it is not about may be left out. */
export type RaisedAlert = Pick<AlertRecord, "kind" | "subject" | "severity" | "message"> &
  Partial<Pick<AlertRecord, "sku" | "channel" | "orderId" | "lineId" | "units">>;

/** Opens the alert of its kind and subject, or brings the open one up to date. */
export async function openAlert(
  client: pg.ClientBase,
  sellerId: number,
  alert: RaisedAlert,
  now: Instant,
): Promise<void> {
  const { kind, subject, severity, message, units = 0 } = alert;
  const { sku = null, channel = null, orderId = null, lineId = null } = alert;
  const body = { sku, channel, orderId, lineId, units, message };
  await client.query({
    name: "observe_open_alert",
    text: `insert into alert as a (seller_id, alert_id, kind, subject, severity, body, opened_at, opened_seq)
      select $1, $2, $3, $4, $5, $6, $7, h.seq from head h where h.seller_id = $1
      on conflict (seller_id, kind, subject) where resolved_at is null
      do update set severity = excluded.severity, body = excluded.body
        where a.body ->> 'message' is distinct from excluded.body ->> 'message'`,
    values: [sellerId, randomUUID(), kind, subject, severity, JSON.stringify(body), new Date(now)],
  });
}

/** Ends the open alert of this kind and subject, if there is one. */
export async function resolveAlert(
  client: pg.ClientBase,
  sellerId: number,
  { kind, subject }: { readonly kind: AlertKind; readonly subject: string },
  now: Instant,
): Promise<void> {
  await client.query({
    name: "observe_resolve_alert",
    text: `update alert a set resolved_at = $4, resolved_seq = h.seq from head h
      where a.seller_id = $1 and h.seller_id = $1 and a.kind = $2 and a.subject = $3 and a.resolved_at is null`,
    values: [sellerId, kind, subject, new Date(now)],
  });
}
