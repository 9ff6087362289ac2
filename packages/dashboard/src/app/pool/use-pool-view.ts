import { useEffect, useLayoutEffect, useRef, useState } from "react";

import { keepOrder, orderRows, type PoolOrder } from "../../features/ledger/api/pool-order.ts";
import type { PoolRow } from "../../features/ledger/api/pool.ts";
import { countFilters, type FilterCounts } from "./pool-filter.ts";

/** What the table shows now, and whether it would be another order if one asked again. */
export interface PoolView {
  readonly shown: readonly number[];
  readonly counts: FilterCounts;
  readonly outOfOrder: boolean;
  readonly sortAgain: () => void;
}

interface PoolViewInput {
  readonly rows: readonly PoolRow[];
  /** False while rows are still on their way. */
  readonly complete: boolean;
  readonly order: PoolOrder;
  /** Whether somebody works in the table now. */
  readonly isBusy: () => boolean;
}

interface Snapshot {
  readonly order: PoolOrder;
  readonly rows: readonly PoolRow[];
  readonly shown: readonly number[];
  readonly counts: FilterCounts;
  readonly outOfOrder: boolean;
}

/** How often what changed is put in order and counted; numbers themselves change at once. */
const LOOK_MS = 1_000;
/** Larger pools are looked at less often: 100,000 SKUs every five seconds. */
const ROWS_PER_LOOK = 20_000;

/**
 * Keeps rows in their places while their numbers change. What is new comes in within a second; what would move waits
 * until nobody works in the table (`isBusy`) or somebody asks for it.
 */
export function usePoolView({ rows, complete, order, isBusy }: PoolViewInput): PoolView {
  const [view, setView] = useState(() => snapshot(rows, order));
  const latest = useRef({ rows, order, isBusy });
  useLayoutEffect(() => {
    latest.current = { rows, order, isBusy };
  });
  // The last rows come in at once: until then the counts would be of a part of the pool, and look like all of it.
  useLayoutEffect(() => {
    if (complete) setView((last) => look(last, latest.current));
  }, [complete]);

  const lookMs = LOOK_MS * Math.max(1, Math.ceil(rows.length / ROWS_PER_LOOK));
  useEffect(() => {
    const looking = setInterval(() => setView((last) => look(last, latest.current)), lookMs);
    return () => clearInterval(looking);
  }, [lookMs]);

  // Another order, or the first rows: shown in this very rendering.
  const current =
    view.order !== order || (view.rows.length === 0 && rows.length > 0) ? snapshot(rows, order, view) : view;
  if (current !== view) setView(current);
  return { ...current, sortAgain: () => setView(snapshot(rows, order)) };
}

/** `last` spares counting rows that were counted. */
function snapshot(rows: readonly PoolRow[], order: PoolOrder, last?: Snapshot): Snapshot {
  const counts = last?.rows === rows ? last.counts : countFilters(rows);
  return { order, rows, shown: orderRows(rows, order), counts, outOfOrder: false };
}

function look(
  last: Snapshot,
  { rows, order, isBusy }: { rows: readonly PoolRow[]; order: PoolOrder; isBusy: () => boolean },
): Snapshot {
  // What waited for a quiet moment is looked at again even if nothing changed since.
  if (rows === last.rows && (!last.outOfOrder || isBusy())) return last;
  const kept = keepOrder(rows, { shown: last.shown, known: last.rows.length }, order);
  if (kept.outOfOrder && !isBusy()) return snapshot(rows, order);
  return { order, rows, counts: countFilters(rows), ...kept };
}
