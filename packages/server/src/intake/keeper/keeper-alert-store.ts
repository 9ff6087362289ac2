// Alerts about what keepers say: one per kind and connection, or per kind and return.
import type { AlertRecord } from "@onepool/core/ledger/records.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import { openAlert, resolveAlert } from "../../observe/open-alert.ts";
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
  const { subject = code, channel = code } = alert;
  await openAlert(client, sellerId, { ...alert, subject, channel }, now);
}

export async function resolveKeeperAlert(
  client: pg.ClientBase,
  { sellerId, code }: ConnectionKey,
  kind: KeeperAlertKind,
  now: Instant,
): Promise<void> {
  await resolveAlert(client, sellerId, { kind, subject: code }, now);
}
