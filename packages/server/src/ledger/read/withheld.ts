import type { Instant, Units } from "@onepool/core/ledger/units.ts";

/** What no reservation gets of a pool: buyers may still take it elsewhere. The rest says why; null for a moment where a deal is under way. */
export interface Withheld {
  /** More than is available where listings show more than there is. */
  readonly units: Units;
  /** The beginning of the end game. */
  readonly since: Instant | null;
  /** So much could sell elsewhere before every listing knows. */
  readonly threshold: Units | null;
  /** How long that takes. */
  readonly latencyMs: number | null;
  /** Null too while nobody knows what one of the listings shows. */
  readonly exposure: Units | null;
}
