import { getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";

import type { PoolSearch } from "./pool-search.ts";

const route = getRouteApi("/");

/** What to change in the address; an undefined value is taken out of it. */
export type PoolSearchChange = { readonly [Key in keyof PoolSearch]?: PoolSearch[Key] | undefined };

/** What the pool page's address asks for, and how to ask for something else. */
export function usePoolSearch(): readonly [PoolSearch, (change: PoolSearchChange, how?: "replace") => void] {
  const search: PoolSearch = route.useSearch();
  const navigate = route.useNavigate();
  const change = useCallback(
    (changes: PoolSearchChange, how?: "replace") => {
      const kept = (last: PoolSearch) =>
        Object.fromEntries(
          Object.entries({ ...last, ...changes }).filter(([, value]) => value !== undefined),
        );
      void navigate({ search: (last) => kept(last), replace: how === "replace" });
    },
    [navigate],
  );
  return [search, change];
}
