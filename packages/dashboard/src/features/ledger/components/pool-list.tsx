import { memo, type ReactNode } from "react";

import { useLanguage } from "../../../locales/language.tsx";
import type { PoolRow } from "../api/pool.ts";
import { NumberCell } from "./number-cell.tsx";
import { useSeen, type PoolRowsProps } from "./pool-table.tsx";
import { useRowWindow } from "./row-window.ts";
import { ReachedByTab, SkuCell } from "./sku-cell.tsx";

import classes from "./pool-list.module.css";

interface PoolListProps extends PoolRowsProps {
  readonly state: (row: PoolRow) => ReactNode;
  readonly channels: (row: PoolRow) => ReactNode;
}

const ROW_HEIGHT = 76;

/** The pool on a screen too narrow for columns: what it is, what can be sold, its state, what the channels show. */
export function PoolList({ rows, shown, onSeen, state, channels }: PoolListProps) {
  const { t } = useLanguage();
  const rowAt = (index: number): PoolRow | undefined => rows[shown[index] ?? -1];
  const { scroller, virtualizer, active } = useRowWindow({
    count: shown.length,
    rowHeight: ROW_HEIGHT,
    headHeight: 0,
  });
  const items = virtualizer.getVirtualItems();
  useSeen(
    items.map(({ index }) => rowAt(index)).filter((row) => row !== undefined),
    onSeen,
  );
  return (
    <div ref={scroller} className={classes["scroller"]}>
      <ul
        aria-label={t("pool.table")}
        className={classes["body"]}
        style={{ height: virtualizer.getTotalSize() }}
      >
        {items.map(({ index, start }) => {
          const row = rowAt(index);
          return (
            row !== undefined && (
              <PoolListItem
                key={row.sku}
                {...{ row, state, channels }}
                place={index}
                total={shown.length}
                top={start}
                active={index === active}
              />
            )
          );
        })}
      </ul>
    </div>
  );
}

interface PoolListItemProps extends Pick<PoolListProps, "state" | "channels"> {
  readonly row: PoolRow;
  readonly place: number;
  readonly total: number;
  readonly top: number;
  readonly active: boolean;
}

const PoolListItem = memo(function PoolListItem(props: PoolListItemProps) {
  const { row, place, total, top, active, state, channels } = props;
  return (
    <li
      aria-posinset={place + 1}
      aria-setsize={total}
      data-place={place}
      className={classes["item"]}
      style={{ transform: `translateY(${top}px)` }}
    >
      <ReachedByTab value={active}>
        <SkuCell row={row} />
      </ReachedByTab>
      <span className={classes["available"]}>
        <NumberCell value={row.available} large />
        {state(row)}
      </span>
      <span className={classes["channels"]}>{channels(row)}</span>
    </li>
  );
});
