import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { ConnectionKey } from "../notice-store.ts";
import { readAllocationTotals } from "./allocation-store.ts";
import { openKeeperAlert, resolveKeeperAlert } from "./keeper-alert-store.ts";

/** One alert per keeper while it has other units promised to orders than it was given orders for. */
export async function noteAllocations(
  client: pg.PoolClient,
  key: ConnectionKey,
  now: Instant,
): Promise<void> {
  const differing = await readAllocationTotals(client, key);
  if (differing === null) return resolveKeeperAlert(client, key, "keeper_allocation_differs", now);
  const { levels, sku, location, allocated, ours } = differing;
  const message = `${key.code} has other units allocated than it was given orders for, of ${levels} level${levels === 1 ? "" : "s"}: ${allocated} of ${sku} at ${location} where ${ours} were given. Look for an order that it lost or has twice.`;
  const alert = {
    kind: "keeper_allocation_differs",
    severity: "warning",
    sku: levels === 1 ? sku : null,
    units: levels,
    message,
  } as const;
  await openKeeperAlert(client, key, alert, now);
}
