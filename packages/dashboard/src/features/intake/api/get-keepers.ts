// What the screens read of keepers. Every key begins with "keepers": one change of the ledger makes all of them old.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import type {
  KeeperFactPage,
  KeeperLevel,
  KeeperLevelPage,
  KeeperList,
  KeeperOrderPage,
} from "../../../api/contract.ts";
import { getJson } from "../../../api/get-json.ts";

export const keepersKey = ["keepers"];

/** What is heard of keepers has no event of its own, so it is asked for again. */
const REFETCH_MS = 5_000;
const PAGE_SIZE = 50;
/** Facts carry all they were told with: a few say what is wrong. */
const STUCK_FACTS = 10;

/** Every keeper, and how it stands. */
export const keepersQuery = queryOptions({
  queryKey: [...keepersKey, "all"],
  queryFn: ({ signal }) => getJson<KeeperList>("/v1/keepers", signal),
  select: ({ keepers }) => keepers,
  refetchInterval: REFETCH_MS,
});

/** The levels of one keeper that differ and wait for somebody, page by page. */
export function openLevelsQuery(connection: string) {
  return infiniteQueryOptions({
    queryKey: [...keepersKey, "open", connection],
    queryFn: ({ pageParam, signal }) =>
      getJson<KeeperLevelPage>(
        levelsPath(connection, { state: "open", limit: String(PAGE_SIZE), ...pageParam }),
        signal,
      ),
    initialPageParam: {},
    getNextPageParam: ({ nextCursor }) => (nextCursor === null ? null : { cursor: nextCursor }),
    refetchInterval: REFETCH_MS,
  });
}

/** What a keeper last said of one SKU. */
export interface KeeperWord {
  readonly connection: string;
  readonly title: string;
  readonly level: KeeperLevel;
}

/** What every keeper last said of a SKU, at all its places. */
export function wordsQuery(sku: string) {
  return queryOptions({
    queryKey: [...keepersKey, "words", sku],
    queryFn: async ({ signal }): Promise<readonly KeeperWord[]> => {
      const { keepers } = await getJson<KeeperList>("/v1/keepers", signal);
      const told = await Promise.all(
        keepers.map(async ({ connection, title }) => {
          const { levels } = await getJson<KeeperLevelPage>(levelsPath(connection, { sku }), signal);
          return levels.map((level) => ({ connection, title, level }));
        }),
      );
      return told.flat();
    },
    refetchInterval: REFETCH_MS,
  });
}

/** Why facts of a keeper wait or were put aside: the newest of them. */
export function stuckFactsQuery(connection: string, state: "waiting" | "poison") {
  return queryOptions({
    queryKey: [...keepersKey, "facts", connection, state],
    queryFn: ({ signal }) =>
      getJson<KeeperFactPage>(
        `/v1/keepers/${encodeURIComponent(connection)}/facts?state=${state}&limit=${STUCK_FACTS}`,
        signal,
      ),
    refetchInterval: REFETCH_MS,
  });
}

/** Orders that keepers refused, or that left although they were cancelled. */
export function keeperOrdersQuery(state: "refused" | "too_late") {
  return queryOptions({
    queryKey: [...keepersKey, "orders", state],
    queryFn: ({ signal }) =>
      getJson<KeeperOrderPage>(`/v1/keeper-orders?state=${state}&limit=${PAGE_SIZE}`, signal),
    refetchInterval: REFETCH_MS,
  });
}

function levelsPath(connection: string, query: Readonly<Record<string, string>>): string {
  return `/v1/keepers/${encodeURIComponent(connection)}/levels?${new URLSearchParams(query)}`;
}
