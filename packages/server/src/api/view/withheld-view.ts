import type { Units } from "@onepool/core/ledger/units.ts";

import type { Withheld } from "../../ledger/read/withheld.ts";
import { instantText } from "./instant-text.ts";

/** What no reservation gets of what is available. */
export function withheldUnits(withheld: Withheld | null, available: Units): Units {
  return Math.min(withheld?.units ?? 0, Math.max(0, available));
}

/** Why that is so; null while there is plenty. */
export function endGameView(withheld: Withheld | null) {
  if (withheld === null) return null;
  const { since, threshold, latencyMs, exposure } = withheld;
  if (since === null || threshold === null || latencyMs === null) return null;
  return { since: instantText(since), threshold, latencyMs, exposure };
}
