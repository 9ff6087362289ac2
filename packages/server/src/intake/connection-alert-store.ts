// Alerts about a connection. No entry caused them: they carry the number of the ledger's last entry at that time, so that they
// stand in order among the others. The live stream tells of them by observations of their own.
import { randomUUID } from "node:crypto";

import type { AlertRecord } from "@onepool/core/ledger/records.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { ConnectionKey } from "./notice-store.ts";

export type ConnectionAlert = Pick<AlertRecord, "severity" | "message" | "units"> & {
  readonly kind: "channel_blind" | "notification_stuck" | "not_subscribed" | "keeper_silent";
};

/** Opens a connection's alert, or brings the open one up to date. */
export async function openConnectionAlert(
  client: pg.PoolClient,
  { sellerId, code }: ConnectionKey,
  alert: ConnectionAlert,
  now: Instant,
): Promise<void> {
  const { kind, severity, message, units } = alert;
  const body = { sku: null, channel: code, orderId: null, lineId: null, units, message };
  await client.query(
    `insert into alert as a (seller_id, alert_id, kind, subject, severity, body, opened_at, opened_seq)
     select $1, $2, $3, $4, $5, $6, $7, h.seq from head h where h.seller_id = $1
     on conflict (seller_id, kind, subject) where resolved_at is null
     do update set severity = excluded.severity, body = excluded.body
       where a.body ->> 'message' is distinct from excluded.body ->> 'message'`,
    [sellerId, randomUUID(), kind, code, severity, JSON.stringify(body), new Date(now)],
  );
}

export async function resolveConnectionAlert(
  client: pg.PoolClient,
  { sellerId, code }: ConnectionKey,
  kind: ConnectionAlert["kind"],
  now: Instant,
): Promise<void> {
  await client.query(
    `update alert a set resolved_at = $4, resolved_seq = h.seq from head h
     where a.seller_id = $1 and h.seller_id = $1 and a.kind = $2 and a.subject = $3 and a.resolved_at is null`,
    [sellerId, kind, code, new Date(now)],
  );
}
