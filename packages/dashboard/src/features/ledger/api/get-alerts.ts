import { queryOptions } from "@tanstack/react-query";

import type { AlertPage } from "../../../api/contract.ts";
import { getJson } from "../../../api/get-json.ts";

/** The newest open alerts; the stream says when to read them again. */
export const alertsQuery = queryOptions({
  queryKey: ["alerts"],
  queryFn: ({ signal }) => getJson<AlertPage>("/v1/alerts?limit=200", signal),
});
