import type { QueryClient } from "@tanstack/react-query";

import { alertsQuery } from "../../features/ledger/api/get-alerts.ts";
import { explanationKey } from "../../features/ledger/api/get-explanation.ts";
import { placesKey } from "../../features/ledger/api/get-places.ts";
import { poolKey } from "../../features/ledger/api/get-pool.ts";
import { listingKey, withNumbers, type Pool } from "../../features/ledger/api/pool.ts";
import type { StreamEvent } from "../../features/live/api/stream-event.ts";

/** What events made old that they cannot bring up to date. */
export interface Aftermath {
  /** SKUs whose rows are to be read anew: an event knows their numbers, not what their listings should show now. */
  readonly stale: ReadonlySet<string>;
  /** A listing, a location or a connection changed. */
  readonly remapped: boolean;
  /** Units moved: what keepers say is to be held against other numbers. */
  readonly moved: boolean;
}

const MAP_KINDS: ReadonlySet<string> = new Set(["listing", "connection", "location"]);

/** Puts what events say into the query cache, in their order. */
export function applyEvents(client: QueryClient, events: readonly StreamEvent[]): Aftermath {
  const stale = new Set<string>();
  let alerted = false;
  let remapped = false;
  const before = client.getQueryData<Pool>(poolKey);
  let pool = before;
  for (const event of events) {
    if (event.type === "alert") alerted = true;
    if (event.type === "ledger") {
      if (pool !== undefined) pool = withNumbers(pool, event.seq, event.skus);
      for (const { sku } of event.skus) stale.add(sku);
      remapped ||= event.entries.some(({ kind }) => MAP_KINDS.has(kind));
    }
    if (event.type === "observation")
      for (const sku of observedSkus(pool, event.observations)) stale.add(sku);
  }
  if (pool !== before) client.setQueryData<Pool>(poolKey, pool);
  const moved = events.some((event) => event.type === "ledger" && event.skus.length > 0);
  if (alerted) void client.invalidateQueries({ queryKey: alertsQuery.queryKey });
  // Only an explanation on the screen is read again now; others when they are opened.
  for (const sku of stale) {
    void client.invalidateQueries({ queryKey: explanationKey(sku) });
    void client.invalidateQueries({ queryKey: placesKey(sku) });
  }
  return { stale, remapped, moved };
}

function* observedSkus(
  pool: Pool | undefined,
  observations: readonly { readonly connection: string; readonly externalId: string | null }[],
): Iterable<string> {
  for (const { connection, externalId } of observations) {
    if (externalId !== null) yield* pool?.byListing.get(listingKey(connection, externalId)) ?? [];
  }
}
