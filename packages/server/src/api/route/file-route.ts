import type { z } from "zod";

import type { ApiDeps } from "../api-deps.ts";
import { fieldProblem } from "../schema/field-problem.ts";
import { missingBody, refusal, type RawCall, type Route, type RouteAnswer, type RouteDocs } from "./route.ts";

interface FileCall<Params, Query> extends RawCall {
  readonly params: Params;
  readonly query: Query;
  readonly bytes: Buffer;
}

interface FileSpec<P extends z.ZodType, Q extends z.ZodType> extends RouteDocs {
  readonly params: P;
  readonly query: Q;
  readonly fileBytesMax: number;
  readonly handle: (deps: ApiDeps, call: FileCall<z.output<P>, z.output<Q>>) => Promise<RouteAnswer>;
}

/** A route that takes a file. */
export function defineFileRoute<P extends z.ZodType, Q extends z.ZodType>(spec: FileSpec<P, Q>): Route {
  const { handle, ...docs } = spec;
  return {
    ...docs,
    body: null,
    async respond(deps, call) {
      const params = spec.params.safeParse(call.params);
      if (!params.success) return refusal(fieldProblem(params.error, call.params, "path"));
      const query = spec.query.safeParse(call.query);
      if (!query.success) return refusal(fieldProblem(query.error, call.query, "query"));
      if (!Buffer.isBuffer(call.body) || call.body.length === 0) return missingBody();
      return handle(deps, { ...call, params: params.data, query: query.data, bytes: call.body });
    },
  };
}
