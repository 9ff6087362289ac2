import type { Instant } from "@onepool/core/ledger/units.ts";

import type { ApiDeps } from "../api-deps.ts";
import type { ListingContext } from "./listing-view.ts";

export function listingContext(deps: ApiDeps, now: Instant): ListingContext {
  return { capabilityOf: (kind) => deps.kinds.get(kind)?.capability ?? null, now };
}
