import { queryOptions } from "@tanstack/react-query";

import type { LatencyList } from "../../../api/contract.ts";
import { getJson } from "../../../api/get-json.ts";

/** How long the hops take, measured. It has no event of its own, so it is asked again. */
export const latenciesQuery = queryOptions({
  queryKey: ["latencies"],
  queryFn: ({ signal }) => getJson<LatencyList>("/v1/latencies", signal),
  select: ({ latencies }) => new Map(latencies.map(({ connection, hops }) => [connection, hops])),
  refetchInterval: 10_000,
});
