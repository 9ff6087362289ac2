import { queryOptions } from "@tanstack/react-query";

import type { ConnectionPage } from "../../../api/contract.ts";
import { getJson } from "../../../api/get-json.ts";

/** The kind of a seller's own channel: nothing is pushed to it, so it has no column and nothing to confirm. */
const OWN_CHANNEL = "api";

const allConnections = queryOptions({
  queryKey: ["connections"],
  queryFn: ({ signal }) => getJson<ConnectionPage>("/v1/connections?limit=200", signal),
  refetchInterval: 60_000,
});

/** The seller's accounts at channels that listings are pushed to; keepers have a page of their own. */
export const connectionsQuery = queryOptions({
  ...allConnections,
  select: ({ connections }: ConnectionPage) =>
    connections.filter(({ kind, keeper }) => kind !== OWN_CHANNEL && keeper === null),
});

/** What is wrong with the accounts at keepers, by connection. */
export const keeperProblemsQuery = queryOptions({
  ...allConnections,
  select: ({ connections }: ConnectionPage) =>
    new Map(
      connections.filter(({ keeper }) => keeper !== null).map(({ code, health }) => [code, health.problems]),
    ),
});
