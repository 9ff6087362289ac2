import { infiniteQueryOptions } from "@tanstack/react-query";

import type { Preview } from "../../../api/contract.ts";
import { getJson } from "../../../api/get-json.ts";

/** Listings of one page: as many as the API gives. */
const PAGE_SIZE = 200;

/** What going live would change, page by page; the totals come with the first. */
export function previewQuery(connection: string) {
  return infiniteQueryOptions({
    queryKey: ["preview", connection],
    queryFn: ({ pageParam, signal }) => getJson<Preview>(pathOf(connection, pageParam), signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
    // What one is about to confirm does not change under one's eyes.
    staleTime: Infinity,
    gcTime: 0,
  });
}

function pathOf(connection: string, cursor: string): string {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
  if (cursor !== "") query.set("cursor", cursor);
  return `/v1/connections/${encodeURIComponent(connection)}/preview?${query}`;
}
