import { VisuallyHidden } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useDeferredValue, useMemo, useRef } from "react";

import { poolQuery } from "../../features/ledger/api/get-pool.ts";
import type { PoolOrder } from "../../features/ledger/api/pool-order.ts";
import type { PoolRow } from "../../features/ledger/api/pool.ts";
import { connectionsQuery } from "../../features/observe/api/get-connections.ts";
import { LatencyStrip } from "../../features/observe/components/latency-strip.tsx";
import { useLanguage } from "../../locales/language.tsx";
import { Failure } from "../../ui/failure.tsx";
import { usePageTitle } from "../../ui/page-title.ts";
import { useLive } from "../live/live-updates.tsx";
import { SideRail } from "../shell/side-rail.tsx";
import { PoolContent } from "./pool-content.tsx";
import { filterRows } from "./pool-filter.ts";
import { sortOf, type PoolSearch } from "./pool-search.ts";
import { PoolSkeleton } from "./pool-skeleton.tsx";
import { PoolToolbar } from "./pool-toolbar.tsx";
import { usePoolKeys } from "./use-pool-keys.ts";
import { usePoolSearch } from "./use-pool-search.ts";
import { usePoolView } from "./use-pool-view.ts";

import classes from "./pool-page.module.css";

const NO_ROWS: readonly PoolRow[] = [];

/** All SKUs, live. */
export function PoolPage() {
  const { t } = useLanguage();
  usePageTitle(t("pool.title"), t("app.name"));
  const { ready, see } = useLive();
  const { data: pool, error, refetch } = useQuery({ ...poolQuery, enabled: ready });
  const [search, onSearch] = usePoolSearch();
  const order = useOrder(search);
  const { ref: frame, width } = useElementSize<HTMLDivElement>();
  const table = useRef<HTMLDivElement>(null);
  const isBusy = useCallback(() => worksIn(table.current), []);
  const rows = pool?.rows ?? NO_ROWS;
  const complete = pool?.complete === true || error !== null;
  const view = usePoolView({ rows, complete, order, isBusy });
  const searchField = useRef<HTMLInputElement>(null);
  usePoolKeys({ searchField, onSortAgain: view.sortAgain });
  const { isPending: columnsPending } = useQuery(connectionsQuery);
  // The columns come with the rows, not after them.
  const loaded = pool !== undefined && !columnsPending && (pool.complete || rows.length > 0);
  return (
    <div className={classes["page"]}>
      <div className={classes["main"]} ref={frame}>
        <VisuallyHidden component="h1">{t("pool.title")}</VisuallyHidden>
        <LatencyStrip />
        <PoolToolbar
          search={search}
          onSearch={onSearch}
          view={view}
          complete={complete}
          total={view.counts.all}
          searchField={searchField}
        />
        <div className={classes["table"]} ref={table}>
          {loaded && <PoolContent {...{ pool, view, search, onSearch, width }} onSeen={see} />}
          {!loaded && <Waiting error={error} onRetry={() => void refetch()} />}
        </div>
      </div>
      <SideRail />
    </div>
  );
}

function Waiting({ error, onRetry }: { readonly error: Error | null; readonly onRetry: () => void }) {
  return error === null ? <PoolSkeleton /> : <Failure error={error} onRetry={onRetry} />;
}

/** What the address asks for; typing stays quick because the rows follow a moment later. */
function useOrder(search: PoolSearch): PoolOrder {
  const words = useDeferredValue(search.q ?? "");
  const { sort, show = "all" } = search;
  return useMemo(
    () => ({ ...sortOf(sort === undefined ? {} : { sort }), search: words, passes: filterRows(show) }),
    [words, sort, show],
  );
}

/** Whether somebody points at the table, has the focus in it, or has scrolled into it. */
function worksIn(table: HTMLElement | null): boolean {
  if (table === null || document.visibilityState === "hidden") return false;
  const scrolled = (table.firstElementChild?.scrollTop ?? 0) > 0;
  return scrolled || table.matches(":hover") || table.contains(document.activeElement);
}
