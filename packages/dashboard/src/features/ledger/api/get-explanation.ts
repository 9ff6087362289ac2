import { infiniteQueryOptions } from "@tanstack/react-query";

import type { Explanation } from "../../../api/contract.ts";
import { getJson } from "../../../api/get-json.ts";

/** Entries of one page of a chain: as many as the API gives. */
const PAGE_SIZE = 200;

export function explanationKey(sku: string): readonly string[] {
  return ["explanation", sku];
}

/** Why a SKU's numbers are what they are: its chain, newest first, page by page into the past. */
export function explanationQuery(sku: string) {
  return infiniteQueryOptions({
    queryKey: explanationKey(sku),
    queryFn: ({ pageParam, signal }) => getJson<Explanation>(pathOf(sku, pageParam), signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
  });
}

function pathOf(sku: string, cursor: string): string {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
  if (cursor !== "") query.set("cursor", cursor);
  return `/v1/skus/${encodeURIComponent(sku)}/explain?${query}`;
}
