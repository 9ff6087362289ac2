import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { ConnectionMode } from "@onepool/core/ledger/records.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";
import type { PushProblem } from "@onepool/core/publish/listing-view.ts";

import type { Balance } from "./pool-numbers.ts";

/** A component of a listing with the balances of its pool. */
export interface ListingPool {
  readonly sku: string;
  /** Units of the SKU that one listing unit takes. */
  readonly units: Units;
  /** What places that serve the listing's channel can still ship; null where every place serves everybody. */
  readonly deployable: Units | null;
  readonly balances: readonly Balance[];
}

/** What is stored of a listing, its recipe's pools and its channel side, at one moment. */
export interface ListingNow {
  readonly connection: string;
  readonly externalId: string;
  /** The connection's. */
  readonly kind: string;
  readonly mode: ConnectionMode;
  readonly settings: JsonObject;
  readonly createdSeq: number;
  readonly updatedSeq: number;
  readonly pools: readonly ListingPool[];
  /** The last reading; null before the first. */
  readonly observed: Units | null;
  readonly observedAt: Instant | null;
  /** When the answer of that reading was there. */
  readonly observedUntil: Instant | null;
  readonly confirmedAt: Instant | null;
  /** A write that is not confirmed; null when there is none. */
  readonly pushed: Units | null;
  readonly pushedSeq: number | null;
  readonly pushedAt: Instant | null;
  /** A write that was overtaken may still land until then. */
  readonly overtakenUntil: Instant | null;
  /** Own sales seen, and how far they could get with all that was ever shown. */
  readonly ownSold: Units;
  readonly reach: Units | null;
  /** While its pools are in the end game: the most it may show. */
  readonly quota: Units | null;
  /** Units of each pool held back while other channels are not seen. */
  readonly heldBack: Units;
  /** Units expected to be sold twice of its scarcest pool before every listing knows; null outside the end game. */
  readonly expectedOversold: number | null;
  /** How far the connection's orders have come. */
  readonly completeAt: Instant | null;
  readonly oldestUnreadAt: Instant | null;
  readonly attempts: number;
  readonly problem: PushProblem | null;
  /** Orders of this listing that the channel has not taken off its own number yet, in listing units. */
  readonly openSales: readonly { readonly units: Units; readonly openedAt: Instant }[];
}
