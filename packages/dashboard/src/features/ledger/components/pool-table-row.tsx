import { FlexRender, type Row } from "@tanstack/react-table";
import { memo } from "react";

import type { PoolRow } from "../api/pool.ts";
import type { poolFeatures } from "./pool-columns.tsx";
import { ReachedByTab } from "./sku-cell.tsx";

import classes from "./pool-table.module.css";

interface PoolTableRowProps {
  readonly row: Row<typeof poolFeatures, PoolRow>;
  /** Changes when other columns are shown. */
  readonly shape: string;
  /** Among all rows shown, from 0. */
  readonly place: number;
  /** In pixels from the first row. */
  readonly top: number;
  readonly active: boolean;
}

/** One SKU. Drawn again only when its own numbers, its place or the columns change: scrolling moves it, nothing more. */
export const PoolTableRow = memo(
  function PoolTableRow({ row, place, top, active }: PoolTableRowProps) {
    return (
      <tr
        aria-rowindex={place + 2}
        data-place={place}
        data-active={active ? true : undefined}
        className={classes["row"]}
        style={{ transform: `translateY(${top}px)` }}
      >
        <ReachedByTab value={active}>
          {row.getVisibleCells().map((cell) => (
            <td
              key={cell.id}
              className={classes["cell"]}
              data-kind={cell.column.columnDef.meta?.kind}
              data-column={cell.column.id}
            >
              <FlexRender cell={cell} />
            </td>
          ))}
        </ReachedByTab>
      </tr>
    );
  },
  (before, after) =>
    before.row.original === after.row.original &&
    before.row.table === after.row.table &&
    before.shape === after.shape &&
    before.place === after.place &&
    before.top === after.top &&
    before.active === after.active,
);
