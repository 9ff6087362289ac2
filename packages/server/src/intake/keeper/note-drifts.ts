import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { ConnectionKey } from "../notice-store.ts";
import { openKeeperAlert, resolveKeeperAlert } from "./keeper-alert-store.ts";
import { readDriftTotals } from "./keeper-drift-store.ts";

/** One alert per keeper while levels of it wait for a person; none while nothing of it is booked anyway. */
export async function noteDrifts(
  client: pg.PoolClient,
  key: ConnectionKey,
  { isLive, now }: { readonly isLive: boolean; readonly now: Instant },
): Promise<void> {
  const open = isLive ? await readDriftTotals(client, key) : null;
  if (open === null) return resolveKeeperAlert(client, key, "keeper_drift", now);
  const { levels, units, sku, location, drift } = open;
  const most = `${sku} at ${location} by ${drift > 0 ? "+" : ""}${drift}`;
  const message = `${levels} level${levels === 1 ? "" : "s"} of ${key.code} differ from the ledger and wait for you, most of all ${most}: accept what the keeper says, or ask for a recount.`;
  const alert = {
    kind: "keeper_drift",
    severity: "warning",
    sku: levels === 1 ? sku : null,
    units,
    message,
  } as const;
  await openKeeperAlert(client, key, alert, now);
}
