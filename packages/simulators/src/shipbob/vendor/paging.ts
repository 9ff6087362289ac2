import { wholeNumber } from "./query.ts";
import { badRequest, type VendorAnswer } from "./vendor-answer.ts";

/** A page by number, for lists that are plain arrays. 50 by default and 250 at most, documented for orders. */
export function numberedPage<Entry>(
  all: readonly Entry[],
  { Page, Limit }: { Page?: string | undefined; Limit?: string | undefined },
): { entries: Entry[] } | { wrong: VendorAnswer } {
  const page = wholeNumber(Page, { min: 1, max: 1_000_000, fallback: 1 });
  if (page === undefined) return { wrong: badRequest("Page", "must be a whole number from 1 up.") };
  const limit = wholeNumber(Limit, { min: 1, max: 250, fallback: 50 });
  if (limit === undefined) return { wrong: badRequest("Limit", "must be between 1 and 250.") };
  return { entries: all.slice((page - 1) * limit, page * limit) };
}

/** Links of a list that is told in pages; `path` with version and the query that leads here again. */
export interface PageLinks {
  first: string | null;
  last: string | null;
  next: string | null;
  prev: string | null;
}

interface LinkedPage {
  path: string;
  query: Readonly<Record<string, string | undefined>>;
  /** The parameter that names the page. */
  parameter: "Cursor" | "cursor";
  /** From 1. */
  page: number;
  pages: number;
}

/** Addresses of the pages around one. */
export function pageLinks({ path, query, parameter, page, pages }: LinkedPage): PageLinks {
  const link = (to: number): string | null => {
    if (to < 1 || to > pages || to === page) return null;
    const text = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && name !== parameter) text.set(name, value);
    }
    text.set(parameter, String(to));
    return `${path}?${text.toString()}`;
  };
  return { first: link(1), last: link(pages), next: link(page + 1), prev: link(page - 1) };
}
