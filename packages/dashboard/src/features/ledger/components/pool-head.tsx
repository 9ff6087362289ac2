import type { Header, ReactTable, SortingState } from "@tanstack/react-table";

import { useLanguage } from "../../../locales/language.tsx";
import { Icon } from "../../../ui/icon.tsx";
import type { PoolRow } from "../api/pool.ts";
import type { poolFeatures } from "./pool-columns.tsx";

import classes from "./pool-table.module.css";

interface PoolHeadProps {
  readonly table: ReactTable<typeof poolFeatures, PoolRow>;
  readonly sorting: SortingState;
}

/** The names of the columns; pressing one sorts by it. */
export function PoolHead({ table, sorting }: PoolHeadProps) {
  return (
    <thead className={classes["head"]}>
      {table.getHeaderGroups().map((group) => (
        <tr key={group.id} aria-rowindex={1} className={classes["headRow"]}>
          {group.headers.map((header) => (
            <ColumnHead key={header.id} header={header} sorted={sorting.find(({ id }) => id === header.id)} />
          ))}
        </tr>
      ))}
    </thead>
  );
}

interface ColumnHeadProps {
  readonly header: Header<typeof poolFeatures, PoolRow>;
  readonly sorted: SortingState[number] | undefined;
}

function ColumnHead({ header, sorted }: ColumnHeadProps) {
  const { t } = useLanguage();
  const { column } = header;
  const meta = column.columnDef.meta;
  if (meta === undefined) return null;
  const title = "key" in meta.title ? t(meta.title.key) : meta.title.name;
  const direction = sorted === undefined ? "none" : sorted.desc ? "descending" : "ascending";
  return (
    <th
      scope="col"
      className={classes["columnHead"]}
      data-kind={meta.kind}
      data-column={column.id}
      aria-sort={column.getCanSort() ? direction : undefined}
    >
      {column.getCanSort() ? (
        <button
          type="button"
          className={classes["sort"]}
          title={t("pool.sortBy", { column: title })}
          onClick={column.getToggleSortingHandler()}
        >
          <span className={classes["columnTitle"]}>{title}</span>
          {sorted !== undefined && <Icon name={sorted.desc ? "down" : "up"} size={12} />}
        </button>
      ) : (
        <span className={classes["columnTitle"]} title={title}>
          {title}
        </span>
      )}
    </th>
  );
}
