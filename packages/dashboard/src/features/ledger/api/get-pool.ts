import { queryOptions, type QueryClient } from "@tanstack/react-query";

import type { SkuPage } from "../../../api/contract.ts";
import { getJson } from "../../../api/get-json.ts";
import { serverNow } from "../../../api/server-clock.ts";
import { emptyPool, withRows, type Pool } from "./pool.ts";

export const poolKey = ["pool"];

/** SKUs of one page: as many as the API gives. */
const PAGE_SIZE = 200;

/** The first page shows at once, those after it together this often: drawing 500 times would take longer than reading. */
const SHOW_MS = 300;

/** SKUs asked for by name in one call; a URL of a hundred long codes still fits every proxy. */
export const NAMED_SIZE = 50;

/**
 * The whole pool, page after page; each page shows as soon as it is there. Reading it again keeps what is shown until
 * the new page replaces it.
 */
export const poolQuery = queryOptions({
  queryKey: poolKey,
  queryFn: async ({ client, signal }): Promise<Pool> => {
    let cursor: string | null = null;
    let waiting: SkuPage[] = [];
    let shownAt = Number.NEGATIVE_INFINITY;
    do {
      const page: SkuPage = await getJson<SkuPage>(pagePath(cursor), signal);
      cursor = page.nextCursor;
      waiting.push(page);
      if (cursor !== null && performance.now() - shownAt < SHOW_MS) continue;
      const pages = waiting;
      const now = serverNow();
      changePool(client, (pool) => pages.reduce((grown, each) => withRows(grown, each, now), pool));
      waiting = [];
      shownAt = performance.now();
    } while (cursor !== null);
    return { ...(client.getQueryData<Pool>(poolKey) ?? emptyPool()), complete: true };
  },
  // The stream carries it on from here; it is read again only after a gap.
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
  structuralSharing: false,
});

/** Changes the pool in the cache. */
function changePool(client: QueryClient, change: (pool: Pool) => Pool): void {
  client.setQueryData<Pool>(poolKey, (pool) => change(pool ?? emptyPool()));
}

/** Reads a few SKUs anew, for what an event cannot say (what their listings should show, a SKU not seen before). */
export async function refreshRows(
  client: QueryClient,
  skus: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const query = new URLSearchParams(skus.map((sku) => ["sku", sku]));
  const page = await getJson<SkuPage>(`/v1/skus?${query}`, signal);
  changePool(client, (pool) => withRows(pool, page, serverNow()));
}

function pagePath(cursor: string | null): string {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
  if (cursor !== null) query.set("cursor", cursor);
  return `/v1/skus?${query}`;
}
