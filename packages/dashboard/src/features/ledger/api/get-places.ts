// Where a SKU lies, and what of it is on its way.
import { queryOptions } from "@tanstack/react-query";

import type { Availability, LocationPage, OrderPage } from "../../../api/contract.ts";
import { getJson } from "../../../api/get-json.ts";

/** Places that a seller has at the most on one page: as many as the API gives. */
const PLACES = 200;
const RETURNING_ORDERS = 50;

export function placesKey(sku: string): readonly string[] {
  return ["places", sku];
}

/** A SKU's numbers at each place, and what inbounds are still to bring. */
export function availabilityQuery(sku: string) {
  return queryOptions({
    queryKey: [...placesKey(sku), "availability"],
    queryFn: ({ signal }) =>
      getJson<Availability>(`/v1/skus/${encodeURIComponent(sku)}/availability`, signal),
  });
}

/** The orders of which units of a SKU are on their way back, newest first. */
export function returningQuery(sku: string) {
  const query = new URLSearchParams({ returning: sku, limit: String(RETURNING_ORDERS) });
  return queryOptions({
    queryKey: [...placesKey(sku), "returning"],
    queryFn: ({ signal }) => getJson<OrderPage>(`/v1/orders?${query}`, signal),
    select: ({ orders }) => orders,
  });
}

/** What is known of each place, by its code. */
export const locationsQuery = queryOptions({
  queryKey: ["locations"],
  queryFn: ({ signal }) => getJson<LocationPage>(`/v1/locations?limit=${PLACES}`, signal),
  select: ({ locations }) => new Map(locations.map((location) => [location.code, location])),
});
