import { ActionIcon, Button, NativeSelect, TextInput } from "@mantine/core";
import type { RefObject } from "react";

import { useLanguage } from "../../locales/language.tsx";
import { Icon } from "../../ui/icon.tsx";
import { POOL_FILTERS, type FilterCounts, type PoolFilter } from "./pool-filter.ts";
import { sortOf, sortText, type PoolSearch } from "./pool-search.ts";
import type { PoolSearchChange } from "./use-pool-search.ts";
import type { PoolView } from "./use-pool-view.ts";

import classes from "./pool-toolbar.module.css";

interface PoolToolbarProps {
  readonly search: PoolSearch;
  readonly onSearch: (change: PoolSearchChange, how?: "replace") => void;
  readonly view: PoolView;
  /** False while SKUs are still on their way. */
  readonly complete: boolean;
  /** SKUs there are, as far as they are loaded. */
  readonly total: number;
  readonly searchField: RefObject<HTMLInputElement | null>;
}

/** Search, filters with their counts, and how much of the pool is shown. Keeps its height whatever it says. */
export function PoolToolbar({ search, onSearch, view, complete, total, searchField }: PoolToolbarProps) {
  const { t } = useLanguage();
  return (
    <div className={classes["toolbar"]}>
      <SearchField search={search} onSearch={onSearch} field={searchField} />
      <Filters chosen={search.show ?? "all"} counts={view.counts} onSearch={onSearch} />
      <PhoneSort search={search} onSearch={onSearch} />
      <output className={classes["status"]} data-asks={view.outOfOrder ? true : undefined}>
        {view.outOfOrder ? (
          <Button
            size="compact-xs"
            variant="light"
            className={classes["again"]}
            title={t("pool.resort.hint")}
            onClick={view.sortAgain}
          >
            {t("pool.resort")}
          </Button>
        ) : (
          <CountText {...{ complete, total }} shown={view.shown.length} />
        )}
      </output>
    </div>
  );
}

function CountText({ complete, total, shown }: { complete: boolean; total: number; shown: number }) {
  const { t, format } = useLanguage();
  if (!complete) return total === 0 ? t("app.loading") : t("pool.loading", { loaded: format.units(total) });
  if (shown === total) return t("pool.count", { count: total });
  return t("pool.count.of", { shown: format.units(shown), total: format.units(total) });
}

/** Columns to press are for wide screens; here the orders worth having on a phone. */
const PHONE_SORTS = { sku: "sku", available: "fewest", "-available": "most" } as const;

function PhoneSort({ search, onSearch }: Pick<PoolToolbarProps, "search" | "onSearch">) {
  const { t } = useLanguage();
  const sort = sortOf(search);
  return (
    <NativeSelect
      className={classes["phoneSort"]}
      aria-label={t("pool.sort")}
      value={sortText(sort) ?? "sku"}
      onChange={(event) => onSearch({ sort: sortText(sortOf({ sort: event.currentTarget.value })) })}
      data={Object.entries(PHONE_SORTS).map(([value, name]) => ({ value, label: t(`pool.sort.${name}`) }))}
    />
  );
}

interface SearchFieldProps extends Pick<PoolToolbarProps, "search" | "onSearch"> {
  readonly field: RefObject<HTMLInputElement | null>;
}

function SearchField({ search, onSearch, field }: SearchFieldProps) {
  const { t } = useLanguage();
  // One step back leaves the search, not its last letter.
  const searchFor = (words: string) => onSearch({ q: words === "" ? undefined : words }, "replace");
  return (
    <TextInput
      ref={field}
      className={classes["search"]}
      type="search"
      value={search.q ?? ""}
      onChange={(event) => searchFor(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape") searchFor("");
      }}
      placeholder={t("pool.search.hint")}
      aria-label={t("pool.search")}
      aria-keyshortcuts="/"
      title={t("pool.keys")}
      leftSection={<Icon name="search" />}
      rightSection={
        search.q !== undefined && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("pool.search.clear")}
            onClick={() => searchFor("")}
          >
            <Icon name="close" size={14} />
          </ActionIcon>
        )
      }
    />
  );
}

interface FiltersProps extends Pick<PoolToolbarProps, "onSearch"> {
  readonly chosen: PoolFilter;
  readonly counts: FilterCounts;
}

function Filters({ chosen, counts, onSearch }: FiltersProps) {
  const { t, format } = useLanguage();
  return (
    <fieldset className={classes["filters"]} aria-label={t("pool.filters")}>
      {POOL_FILTERS.map((filter) => (
        <button
          key={filter}
          type="button"
          className={classes["filter"]}
          data-filter={filter}
          data-none={counts[filter] === 0 ? true : undefined}
          aria-pressed={filter === chosen}
          onClick={() => onSearch({ show: filter === "all" ? undefined : filter })}
        >
          {t(`pool.filter.${filter}`)}
          {/* As wide as it can get, so that a new count moves no button. */}
          <span className={classes["count"]} style={{ minWidth: `${format.units(counts.all).length}ch` }}>
            {format.units(counts[filter])}
          </span>
        </button>
      ))}
    </fieldset>
  );
}
