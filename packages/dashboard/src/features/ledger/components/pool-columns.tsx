import {
  columnVisibilityFeature,
  rowSortingFeature,
  tableFeatures,
  type ColumnDef,
} from "@tanstack/react-table";
import type { ReactNode } from "react";

import type { MessageKey } from "../../../locales/locale.ts";
import type { SortKey } from "../api/pool-order.ts";
import type { PoolRow } from "../api/pool.ts";
import { NumberCell } from "./number-cell.tsx";
import { SkuCell } from "./sku-cell.tsx";

interface PoolColumnMeta {
  /** A text of ours, or a name that needs no translation (a connection's code). */
  readonly title: { readonly key: MessageKey } | { readonly name: string };
  readonly kind: "code" | "number" | "large" | "words";
  /** In pixels. */
  readonly width: number;
  /** The share of what is left over; a column without one keeps its width. */
  readonly grows?: number;
  /** Left out where the table is narrower than this, in pixels. */
  readonly leaveOutBelow?: number;
}

export const poolFeatures = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  columnMeta: {} as PoolColumnMeta,
});
export type PoolColumn = ColumnDef<typeof poolFeatures, PoolRow>;

/** What the ledger does not know: what other stages say of a row, put together by the page. */
export interface ForeignColumns {
  readonly state: (row: PoolRow) => ReactNode;
  readonly channels: readonly { readonly code: string; readonly cell: (row: PoolRow) => ReactNode }[];
}

/** The columns of the pool, left to right: what it is, what can be sold, why, where it shows. */
export function poolColumns({ state, channels }: ForeignColumns): readonly PoolColumn[] {
  return [
    {
      id: "sku",
      accessorFn: (row) => row.sku,
      enableSorting: true,
      meta: { title: { key: "pool.column.sku" }, kind: "code", width: 184, grows: 3 },
      cell: ({ row }) => <SkuCell row={row.original} />,
    },
    number("available", { kind: "large", width: 100 }),
    {
      id: "state",
      enableSorting: false,
      meta: { title: { key: "pool.column.state" }, kind: "words", width: 136, grows: 1 },
      cell: ({ row }) => state(row.original),
    },
    number("onHand", { width: 76 }),
    number("reserved", { width: 82 }),
    number("committed", { width: 114 }),
    number("incoming", { width: 78, leaveOutBelow: 1_000 }),
    number("returning", { width: 84, leaveOutBelow: 1_000 }),
    ...channels.map(({ code, cell }): PoolColumn => ({
      id: `channel/${code}`,
      enableSorting: false,
      meta: { title: { name: code }, kind: "words", width: 112, grows: 1 },
      cell: ({ row }) => cell(row.original),
    })),
  ];
}

function number(
  key: Exclude<SortKey, "sku">,
  layout: { readonly width: number; readonly kind?: "large"; readonly leaveOutBelow?: number },
): PoolColumn {
  return {
    id: key,
    accessorFn: (row) => row[key],
    enableSorting: true,
    // The large numbers are what one looks for: the first press of a head shows them.
    sortDescFirst: key !== "available",
    meta: { kind: "number", grows: 0.25, ...layout, title: { key: `pool.column.${key}` } },
    cell: ({ row }) => <NumberCell value={row.original[key]} large={layout.kind === "large"} />,
  };
}
