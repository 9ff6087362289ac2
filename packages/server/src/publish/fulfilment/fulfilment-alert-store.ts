// Alerts about what a keeper was asked to do: one per order or delivery and kind.
import { randomUUID } from "node:crypto";

import type { AlertKind } from "@onepool/core/ledger/records.ts";
import type pg from "pg";

export interface FulfilmentAlert {
  readonly kind: Extract<AlertKind, "fulfilment_refused" | "fulfilment_too_late" | "inbound_refused">;
  /** Channel and order joined by `/`, or the delivery's id. */
  readonly subject: string;
  readonly channel: string | null;
  readonly orderId: string | null;
  readonly message: string;
}

/** Opens the alert, or brings the open one up to date. */
export async function openFulfilmentAlert(
  client: pg.ClientBase,
  sellerId: number,
  alert: FulfilmentAlert,
  now: number,
): Promise<void> {
  const { kind, subject, channel, orderId, message } = alert;
  const body = { sku: null, channel, orderId, lineId: null, units: 0, message };
  await client.query(
    `insert into alert as a (seller_id, alert_id, kind, subject, severity, body, opened_at, opened_seq)
     select $1, $2, $3, $4, 'warning', $5, $6, h.seq from head h where h.seller_id = $1
     on conflict (seller_id, kind, subject) where resolved_at is null
     do update set body = excluded.body where a.body ->> 'message' is distinct from excluded.body ->> 'message'`,
    [sellerId, randomUUID(), kind, subject, JSON.stringify(body), new Date(now)],
  );
}

export async function resolveFulfilmentAlerts(
  client: pg.ClientBase,
  sellerId: number,
  { kinds, subject }: { readonly kinds: readonly FulfilmentAlert["kind"][]; readonly subject: string },
  now: number,
): Promise<void> {
  await client.query(
    `update alert a set resolved_at = $4, resolved_seq = h.seq from head h
     where a.seller_id = $1 and h.seller_id = $1 and a.kind = any($2) and a.subject = $3 and a.resolved_at is null`,
    [sellerId, kinds, subject, new Date(now)],
  );
}
