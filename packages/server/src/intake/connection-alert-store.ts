// Alerts about a connection.
import type { AlertRecord } from "@onepool/core/ledger/records.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import { openAlert, resolveAlert } from "../observe/open-alert.ts";
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
  await openAlert(client, sellerId, { ...alert, subject: code, channel: code }, now);
}

export async function resolveConnectionAlert(
  client: pg.PoolClient,
  { sellerId, code }: ConnectionKey,
  kind: ConnectionAlert["kind"],
  now: Instant,
): Promise<void> {
  await resolveAlert(client, sellerId, { kind, subject: code }, now);
}
