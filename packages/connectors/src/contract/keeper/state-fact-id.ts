import { contentHash } from "@onepool/core/ledger/content-hash.ts";
import type { Json } from "@onepool/core/ledger/json.ts";

/**
 * The id of a fact that tells a state: made of the state, so that the same state told twice, whichever way, is one fact. `kind` and
 * `id` are short; what makes them too long for an id is hashed with the rest.
 */
export function stateFactId(kind: string, id: string, state: object): string {
  const named = id.length <= 120 ? id : "";
  return `${kind}:${named}:${contentHash({ id, state: state as Json })}`;
}
