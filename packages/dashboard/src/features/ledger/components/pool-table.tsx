import { useTable, type SortingState } from "@tanstack/react-table";
import { useEffect, useMemo, type CSSProperties } from "react";

import { useLanguage } from "../../../locales/language.tsx";
import type { PoolRow } from "../api/pool.ts";
import { poolFeatures, type PoolColumn } from "./pool-columns.tsx";
import { PoolHead } from "./pool-head.tsx";
import { PoolTableRow } from "./pool-table-row.tsx";
import { useRowWindow } from "./row-window.ts";

import classes from "./pool-table.module.css";

export interface PoolRowsProps {
  readonly rows: readonly PoolRow[];
  /** The places in `rows` to show, in order. */
  readonly shown: readonly number[];
  /** Which SKUs are on the screen now. */
  readonly onSeen: (skus: readonly string[]) => void;
}

interface PoolTableProps extends PoolRowsProps {
  readonly columns: readonly PoolColumn[];
  /** Room for the table, in pixels. */
  readonly width: number;
  readonly sorting: SortingState;
  readonly onSorting: (sorting: SortingState) => void;
}

const ROW_HEIGHT = 40;
const HEAD_HEIGHT = 34;

/** All SKUs as one table of which only the part on the screen exists. Order and search are decided above it. */
export function PoolTable({ rows, shown, onSeen, columns, width, sorting, onSorting }: PoolTableProps) {
  const { t } = useLanguage();
  const rowAt = (index: number): PoolRow | undefined => rows[shown[index] ?? -1];
  const { scroller, virtualizer, active } = useRowWindow({
    count: shown.length,
    rowHeight: ROW_HEIGHT,
    headHeight: HEAD_HEIGHT,
  });
  const items = virtualizer.getVirtualItems().filter(({ index }) => rowAt(index) !== undefined);
  const onScreen = items.map(({ index }) => rowAt(index)).filter((row) => row !== undefined);
  useSeen(onScreen, onSeen);
  const { template, leastWidth, columnVisibility } = useMemo(() => layOut(columns, width), [columns, width]);
  const table = useTable({
    features: poolFeatures,
    columns,
    data: onScreen,
    getRowId: (row) => row.sku,
    manualSorting: true,
    enableMultiSort: false,
    enableSortingRemoval: false,
    state: { sorting, columnVisibility },
    onSortingChange: (change) => onSorting(typeof change === "function" ? change(sorting) : change),
  });
  const style = { "--columns": template, minWidth: leastWidth } as CSSProperties;
  return (
    <div ref={scroller} className={classes["scroller"]}>
      <table
        className={classes["table"]}
        aria-label={t("pool.table")}
        aria-rowcount={shown.length + 1}
        style={style}
      >
        <PoolHead table={table} sorting={sorting} />
        <tbody className={classes["body"]} style={{ height: virtualizer.getTotalSize() }}>
          {table.getRowModel().rows.map((row, nth) => (
            <PoolTableRow
              key={row.id}
              row={row}
              shape={template}
              place={items[nth]?.index ?? 0}
              top={items[nth]?.start ?? 0}
              active={items[nth]?.index === active}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The columns that fit into `width`, and their tracks as a CSS grid. */
function layOut(columns: readonly PoolColumn[], width: number) {
  const columnVisibility: Record<string, boolean> = {};
  const tracks: string[] = [];
  let leastWidth = 0;
  for (const { id = "", meta } of columns) {
    if (meta === undefined) continue;
    const fits = width >= (meta.leaveOutBelow ?? 0);
    columnVisibility[id] = fits;
    if (!fits) continue;
    tracks.push(meta.grows === undefined ? `${meta.width}px` : `minmax(${meta.width}px, ${meta.grows}fr)`);
    leastWidth += meta.width;
  }
  return { template: tracks.join(" "), leastWidth, columnVisibility };
}

/** Reports the rows on the screen when others come into it, not at each new number. */
export function useSeen(rows: readonly PoolRow[], onSeen: PoolRowsProps["onSeen"]): void {
  const skus = rows.map(({ sku }) => sku).join("\n");
  useEffect(() => onSeen(skus === "" ? [] : skus.split("\n")), [skus, onSeen]);
}
