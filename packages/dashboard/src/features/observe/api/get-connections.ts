import { queryOptions } from "@tanstack/react-query";

import type { ConnectionPage } from "../../../api/contract.ts";
import { getJson } from "../../../api/get-json.ts";

/** The seller's connections with their measured latency. Latency has no event of its own, so it is asked again. */
export const connectionsQuery = queryOptions({
  queryKey: ["connections"],
  queryFn: ({ signal }) => getJson<ConnectionPage>("/v1/connections?limit=200", signal),
  select: (page) => page.connections,
  refetchInterval: 10_000,
});
