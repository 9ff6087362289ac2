import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";

import { ApiProblem } from "../../api/problem.ts";
import { serverNow } from "../../api/server-clock.ts";
import { keepersKey } from "../../features/intake/api/get-keepers.ts";
import { alertsQuery } from "../../features/ledger/api/get-alerts.ts";
import { locationsQuery } from "../../features/ledger/api/get-places.ts";
import { NAMED_SIZE, poolKey, refreshRows } from "../../features/ledger/api/get-pool.ts";
import type { Pool } from "../../features/ledger/api/pool.ts";
import { createRowRefresher, type RowRefresher } from "../../features/ledger/api/row-refresher.ts";
import { followStream, type StreamState } from "../../features/live/api/follow-stream.ts";
import { withNews, type RecentNews } from "../../features/live/api/recent-news.ts";
import type { StreamEvent } from "../../features/live/api/stream-event.ts";
import { connectionsQuery } from "../../features/observe/api/get-connections.ts";
import { PASSING_MS, shouldHavePassed } from "../../features/publish/api/listing-mark.ts";
import { applyEvents } from "./apply-events.ts";

/** What the live stream tells every page. */
export interface LiveUpdates {
  readonly state: StreamState;
  /** Until when the stream was live before it broke, by the server's clock; null while it never was. */
  readonly asOf: number | null;
  /** True once reading may begin: from here on the stream misses nothing. */
  readonly ready: boolean;
  readonly recent: readonly RecentNews[];
  /** Tells which rows are on the screen, so that these are kept fresh first. */
  readonly see: RowRefresher["see"];
}

const LiveContext = createContext<LiveUpdates | null>(null);

export function useLive(): LiveUpdates {
  const live = use(LiveContext);
  if (live === null) throw new Error("useLive needs a LiveUpdatesProvider above it");
  return live;
}

/** Events are applied in one go this often: fifty changes a second are five renderings, not fifty. */
const FLUSH_MS = 200;
/** After a change of the map (listings, connections) it is read again, once for all that change within this time. */
const REMAP_MS = 3_000;
/** What keepers say is held against the ledger again once for all that moved within this time. */
const RECONCILE_MS = 1_000;
/** A hidden page lets its connection go after this long, and takes it up where it stopped. */
const HIDDEN_MS = 60_000;

/** Follows the stream while the page is open and keeps the query cache true. */
export function LiveUpdatesProvider({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const [state, setState] = useState<StreamState>("connecting");
  const [asOf, setAsOf] = useState<number | null>(null);
  const [ready, setReady] = useState(false);
  const [recent, setRecent] = useState<readonly RecentNews[]>([]);
  const refresher = useMemo(() => refresherFor(client), [client]);

  useEffect(() => {
    const pending: StreamEvent[] = [];
    const flush = () => {
      if (pending.length === 0) return;
      const events = pending.splice(0);
      const { stale, remapped, moved } = applyEvents(client, events);
      refresher.add(stale);
      if (moved) reconciling ??= setTimeout(reconcileAgain, RECONCILE_MS);
      if (remapped) remapping ??= setTimeout(readMapAgain, REMAP_MS);
      setRecent((lines) =>
        withNews(
          lines,
          events.filter((event) => event.type === "ledger"),
        ),
      );
    };
    let remapping: ReturnType<typeof setTimeout> | undefined;
    let reconciling: ReturnType<typeof setTimeout> | undefined;
    const reconcileAgain = () => {
      reconciling = undefined;
      void client.invalidateQueries({ queryKey: keepersKey });
    };
    const readMapAgain = () => {
      remapping = undefined;
      void readMap(client);
    };
    const flushing = setInterval(flush, FLUSH_MS);
    const rechecking = setInterval(() => refresher.add(overdueSkus(client)), PASSING_MS / 2);
    const stopFollowing = follow({
      onEvent: (event) => pending.push(event),
      onState: (next) => {
        setState((last) => {
          if (last === "live" && next !== "live") setAsOf(serverNow());
          return next;
        });
        if (next !== "connecting") setReady(true);
        if (next === "live") void askFailedAgain(client);
      },
      onGap: () => void readAgain(client),
    });
    return () => {
      clearInterval(flushing);
      clearInterval(rechecking);
      clearTimeout(remapping);
      clearTimeout(reconciling);
      stopFollowing();
      refresher.stop();
    };
  }, [client, refresher]);

  const live = useMemo<LiveUpdates>(
    () => ({ state, asOf, ready, recent, see: refresher.see }),
    [state, asOf, ready, recent, refresher],
  );
  return <LiveContext value={live}>{children}</LiveContext>;
}

function refresherFor(client: QueryClient): RowRefresher {
  return createRowRefresher({
    read: (skus, signal) => refreshRows(client, skus, signal),
    mayPass: (error) => error instanceof ApiProblem && error.passing,
    batchSize: NAMED_SIZE,
    gatherMs: 150,
    afterFailureMs: 3_000,
  });
}

/** Rows on which something was about to be put right and should be by now. */
function overdueSkus(client: QueryClient): readonly string[] {
  const now = serverNow();
  const rows = client.getQueryData<Pool>(poolKey)?.rows ?? [];
  return rows
    .filter(({ listings }) => listings.some((listing) => shouldHavePassed(listing, now)))
    .map(({ sku }) => sku);
}

/** An event does not say which SKUs a listing sells: the rows are read anew, without an end of those on the screen. */
async function readMap(client: QueryClient): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: connectionsQuery.queryKey }),
    client.invalidateQueries({ queryKey: locationsQuery.queryKey }),
    client.invalidateQueries({ queryKey: keepersKey }),
    client.invalidateQueries({ queryKey: poolKey }, { cancelRefetch: false }),
  ]);
}

/** What could not be read while the server was away. */
async function askFailedAgain(client: QueryClient): Promise<void> {
  await client.refetchQueries({ predicate: ({ state }) => state.status === "error" });
}

/** Everything a screen read may be old: what is shown stays until the new answer is there. */
async function readAgain(client: QueryClient): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: poolKey }),
    client.invalidateQueries({ queryKey: alertsQuery.queryKey }),
    client.invalidateQueries({ queryKey: ["explanation"] }),
    client.invalidateQueries({ queryKey: ["places"] }),
    client.invalidateQueries({ queryKey: keepersKey }),
  ]);
}

function follow(listener: Parameters<typeof followStream>[1]): () => void {
  const stream = followStream(
    { url: "/v1/stream", silenceMs: 35_000, shortestWaitMs: 500, longestWaitMs: 10_000 },
    listener,
  );
  let hiding: ReturnType<typeof setTimeout> | undefined;
  const onVisibility = () => {
    clearTimeout(hiding);
    if (document.visibilityState === "hidden") hiding = setTimeout(stream.pause, HIDDEN_MS);
    else stream.resume();
  };
  window.addEventListener("online", stream.retryNow);
  document.addEventListener("visibilitychange", onVisibility);
  return () => {
    clearTimeout(hiding);
    window.removeEventListener("online", stream.retryNow);
    document.removeEventListener("visibilitychange", onVisibility);
    stream.stop();
  };
}
