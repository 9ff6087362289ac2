import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";

import type { PoolRow, Pool } from "../../features/ledger/api/pool.ts";
import { PoolList } from "../../features/ledger/components/pool-list.tsx";
import { PoolTable } from "../../features/ledger/components/pool-table.tsx";
import { StateLabel } from "../../features/ledger/components/state-label.tsx";
import { ListingChips } from "../../features/publish/components/listing-chips.tsx";
import { useLanguage } from "../../locales/language.tsx";
import { Message } from "../../ui/message.tsx";
import { sortOf, sortText, type PoolSearch } from "./pool-search.ts";
import { usePoolColumns } from "./use-pool-columns.tsx";
import type { PoolSearchChange } from "./use-pool-search.ts";
import type { PoolView } from "./use-pool-view.ts";

interface PoolContentProps {
  readonly pool: Pool;
  readonly view: PoolView;
  readonly search: PoolSearch;
  readonly onSearch: (change: PoolSearchChange) => void;
  /** Room for it, in pixels. */
  readonly width: number;
  readonly onSeen: (skus: readonly string[]) => void;
}

/** Below this a table has no room for its columns. */
const TABLE_WIDTH_LEAST = 700;

/** The rows, or why there are none. */
export function PoolContent({ pool, view, search, onSearch, width, onSeen }: PoolContentProps) {
  const columns = usePoolColumns();
  const { sortBy, descending } = sortOf(search);
  const sorting = useMemo(() => [{ id: sortBy, desc: descending }], [sortBy, descending]);
  if (pool.rows.length === 0) return <EmptyPool />;
  if (view.shown.length === 0) return <NothingFound />;
  const rows = { rows: pool.rows, shown: view.shown, onSeen };
  if (width < TABLE_WIDTH_LEAST) {
    return <PoolList {...rows} state={rowState} channels={rowChannels} />;
  }
  return (
    <PoolTable
      {...rows}
      columns={columns}
      width={width}
      sorting={sorting}
      onSorting={([first]) => {
        onSearch({
          sort: sortText({ ...sortOf({ sort: first?.id ?? "sku" }), descending: first?.desc ?? false }),
        });
      }}
    />
  );
}

// What is off on a channel stands with the channel.
const rowState = (row: PoolRow) => <StateLabel row={row} />;
const rowChannels = (row: PoolRow) => <ListingChips listings={row.listings} />;

function EmptyPool() {
  const { t } = useLanguage();
  return (
    <Message
      icon="pool"
      title={t("pool.empty.title")}
      action={
        <Button variant="default" component="a" href="/docs">
          {t("pool.empty.docs")}
        </Button>
      }
    >
      {t("pool.empty.body")}
    </Message>
  );
}

function NothingFound() {
  const { t } = useLanguage();
  return (
    <Message
      icon="search"
      title={t("pool.noMatch.title")}
      action={
        <Button variant="default" renderRoot={(props) => <Link {...props} to="/" />}>
          {t("pool.noMatch.clear")}
        </Button>
      }
    >
      {t("pool.noMatch.body")}
    </Message>
  );
}
