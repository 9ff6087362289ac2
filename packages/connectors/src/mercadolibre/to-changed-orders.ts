import type { ChangedOrdersPage, ChangedOrdersQuery } from "../contract/connector.ts";
import type { ApiCall } from "./client.ts";
import { fingerprintOf } from "./to-inbound.ts";
import type { WireOrderSearch } from "./wire.ts";

const HOUR_MS = 3_600_000;
const PAGE_SIZE = 50;

/** MercadoLibre refuses to page further (PROBE: offset 10000 answers 400). */
const OFFSET_MAX = 9_950;

/** Rows of the page before that are read again: an order that changes meanwhile leaves its place, and those behind move up. */
const OVERLAP = 10;

/**
 * A place in the list. Cancelled orders are asked for by name as well: the documentation says that a seller's search leaves
 * them out, answers of 2026 have them (DOC-OCT against CAP and PROBE).
 */
export interface SearchPlace {
  readonly part: "all" | "cancelled";
  readonly offset: number;
  /** Rows there were when the last page was read; null before the first. */
  readonly total: number | null;
}

const START: SearchPlace = { part: "all", offset: 0, total: null };

/** The place that a page's name stands for; one that is none begins anew. */
export function placeOf(page: string | undefined): SearchPlace {
  const [, part, offset, total] = /^(all|cancelled)\.(\d{1,5})\.(\d{1,9})?$/.exec(page ?? "") ?? [];
  if (part !== "all" && part !== "cancelled") return START;
  return { part, offset: Number(offset), total: total === undefined ? null : Number(total) };
}

/** Times are cut to the hour on their side, so ours are whole hours: `from` down, `to` up. */
export function toSearch(
  accountId: string,
  { from, to }: Pick<ChangedOrdersQuery, "from" | "to">,
  { part, offset }: SearchPlace,
): ApiCall {
  const hour = (hours: number): string => new Date(hours * HOUR_MS).toISOString();
  const query = {
    seller: accountId,
    ...(part === "cancelled" ? { "order.status": "cancelled" } : {}),
    "order.date_last_updated.from": hour(Math.floor(from / HOUR_MS)),
    ...(to === undefined ? {} : { "order.date_last_updated.to": hour(Math.ceil(to / HOUR_MS)) }),
    sort: "date_asc",
    limit: String(PAGE_SIZE),
    offset: String(offset),
  };
  return { method: "GET", path: "/orders/search", query };
}

/** One page of the search. Rows may come twice; none is passed over because others left the list between two pages. */
export function toChangedOrders(search: WireOrderSearch, place: SearchPlace): ChangedOrdersPage {
  const orders = search.results.map((row) => ({
    orderId: row.id,
    updatedAt: row.last_updated,
    fingerprint: fingerprintOf(row),
  }));
  const { total } = search.paging;
  const end = place.offset + search.results.length;
  const gone = Math.max(0, (place.total ?? total) - total);
  // The last rows may have moved up behind our back as well: whoever left since is looked for before the end.
  const isLast = search.results.length === 0 ? gone === 0 : end >= total && gone === 0;
  if (isLast) {
    const nextPage = place.part === "all" ? "cancelled.0." : null;
    return { orders, nextPage, isTruncated: false };
  }
  // What left before this page moved up as many rows from behind its beginning to before it.
  const again = Math.max(0, place.offset - gone);
  const next = gone > 0 ? again : end - Math.min(OVERLAP, search.results.length - 1);
  const isTruncated = next > OFFSET_MAX;
  return { orders, nextPage: isTruncated ? null : `${place.part}.${next}.${total}`, isTruncated };
}
