// Alerts about what keepers say: one per kind and connection, or per kind and return.
import { randomUUID } from "node:crypto";

import type { AlertRecord } from "@onepool/core/ledger/records.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { ConnectionKey } from "../notice-store.ts";

type KeeperAlertKind =
  | ("keeper_drift" | "keeper_snapshot_suspicious" | "keeper_code_unknown" | "keeper_order_unknown")
  | ("keeper_allocation_differs" | "return_missing" | "return_overdue" | "fulfilment_refused");

export type KeeperAlert = Partial<Pick<AlertRecord, "sku" | "orderId" | "lineId" | "channel">> &
  Pick<AlertRecord, "severity" | "message" | "units"> & {
    readonly kind: KeeperAlertKind;
    /** The connection where nothing else is said. */
    readonly subject?: string;
  };

/** Opens the alert, or brings the open one up to date. */
export async function openKeeperAlert(
  client: pg.ClientBase,
  { sellerId, code }: ConnectionKey,
  alert: KeeperAlert,
  now: Instant,
): Promise<void> {
  const { kind, severity, message, units, sku = null, orderId = null, lineId = null, channel = code } = alert;
  const body = { sku, channel, orderId, lineId, units, message };
  await client.query({
    name: "keeper_open_alert",
    text: `insert into alert as a (seller_id, alert_id, kind, subject, severity, body, opened_at, opened_seq)
      select $1, $2, $3, $4, $5, $6, $7, h.seq from head h where h.seller_id = $1
      on conflict (seller_id, kind, subject) where resolved_at is null
      do update set severity = excluded.severity, body = excluded.body
        where a.body ->> 'message' is distinct from excluded.body ->> 'message'`,
    values: [
      sellerId,
      randomUUID(),
      kind,
      alert.subject ?? code,
      severity,
      JSON.stringify(body),
      new Date(now),
    ],
  });
}

export async function resolveKeeperAlert(
  client: pg.ClientBase,
  { sellerId, code }: ConnectionKey,
  kind: KeeperAlertKind,
  now: Instant,
): Promise<void> {
  await client.query({
    name: "keeper_resolve_alert",
    text: `update alert a set resolved_at = $4, resolved_seq = h.seq from head h
      where a.seller_id = $1 and h.seller_id = $1 and a.kind = $2 and a.subject = $3 and a.resolved_at is null`,
    values: [sellerId, kind, code, new Date(now)],
  });
}
