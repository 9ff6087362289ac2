import type { World } from "../world.ts";
import type { PricedField } from "./price.ts";

/** What every resolver is given. */
export interface RequestContext {
  world: World;
  requestId: string;
  prices: readonly PricedField[];
  /** Rows answered so far: only these are charged in the end, documented. */
  rows: number;
}

/** As far as resolvers look at GraphQL's own information on the field. */
export interface FieldInfo {
  path: { key: string | number };
}

/** What stands around every answer: the request's id and what the field cost at most. */
export function answered<Body extends object>(
  { requestId, prices }: RequestContext,
  { path }: FieldInfo,
  body: Body,
): Body & { request_id: string; complexity: number } {
  const complexity = prices.find(({ key }) => key === path.key)?.credits ?? 0;
  return { request_id: requestId, complexity, ...body };
}

/** Whether a field was asked for its price only. */
export function isAnalysis({ prices }: RequestContext, { path }: FieldInfo): boolean {
  return prices.find(({ key }) => key === path.key)?.analyze === true;
}
