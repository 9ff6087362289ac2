import type { PoolRow } from "../../features/ledger/api/pool.ts";
import { StateLabel } from "../../features/ledger/components/state-label.tsx";
import { anyMarked, type ListingMark } from "../../features/publish/api/listing-mark.ts";
import { useLanguage } from "../../locales/language.tsx";

import classes from "./row-state.module.css";

/** Worst first; a row has room for one. */
const worthSaying = ["differs", "silent", "pushing"] as const satisfies readonly ListingMark[];

/** How much is left and, below it, what is not in order on some channel: that channel's column says more. */
export function RowState({ row }: { readonly row: PoolRow }) {
  const { t } = useLanguage();
  const worst = worthSaying.find((mark) => anyMarked(row.listings, mark));
  return (
    <span className={classes["state"]}>
      <span>
        <StateLabel row={row} />
      </span>
      {worst !== undefined && (
        <span className={classes["channels"]} data-mark={worst}>
          {t(`state.${worst}`)}
        </span>
      )}
    </span>
  );
}
