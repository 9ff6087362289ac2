import type { PoolRow } from "../../features/ledger/api/pool.ts";
import { StateLabel } from "../../features/ledger/components/state-label.tsx";
import { listingMark, type ListingMark } from "../../features/publish/api/listing-mark.ts";
import { useLanguage } from "../../locales/language.tsx";

import classes from "./row-state.module.css";

/** Worst first; a row has room for one. */
const worthSaying = ["differs", "silent", "pushing"] as const satisfies readonly ListingMark[];

/** How much is left and, below it, what is not in order on a channel. */
export function RowState({ row }: { readonly row: PoolRow }) {
  const { t } = useLanguage();
  const marked = row.listings.map((listing) => ({
    connection: listing.connection,
    mark: listingMark(listing),
  }));
  const worst = worthSaying.find((mark) => marked.some((each) => each.mark === mark));
  const channels = new Set(marked.filter(({ mark }) => mark === worst).map(({ connection }) => connection));
  return (
    <span className={classes["state"]}>
      <span>
        <StateLabel row={row} />
      </span>
      {worst !== undefined && (
        <span className={classes["channels"]} data-mark={worst}>
          {t(`listing.${worst}.on`, { channels: [...channels].join(", ") })}
        </span>
      )}
    </span>
  );
}
