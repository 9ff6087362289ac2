import type { EntryKind } from "../ledger/entry.ts";
import type { Instant, Units } from "../ledger/units.ts";

/**
 * What brought a listing to 0. `sold`: orders or reservations took its pool's last units, or the end game deals them
 * elsewhere. `changed`: a count, an adjustment, a mapping, a policy — what a slip of the hand can do to a whole shop.
 *
 * Only `changed` stops count towards the brake and are held by it: a stop that keeps an empty pool from being sold again is
 * no mistake, however many there are on a good day.
 */
export type StopCause = "sold" | "changed";

/** What an entry did to what is available of a pool. */
export interface PoolMove {
  readonly seq: number;
  readonly kind: EntryKind;
  readonly units: Units;
}

/** A pool of a listing that shows nothing any more. */
export interface EmptiedPool {
  readonly available: Units;
  /** The fewest available units with which the listing could still sell one. */
  readonly needed: Units;
  /** The newest first. */
  readonly moves: readonly PoolMove[];
}

const SALES: ReadonlySet<EntryKind> = new Set(["order", "mapped", "reservation", "reservation_committed"]);

/**
 * What brought a listing to 0: the entry that took one of its pools below what a sale needs. Where no entry did so since the
 * listing was last changed, that change did.
 */
export function stopCause(pools: readonly EmptiedPool[], listingChangedSeq: number): StopCause {
  const emptied = pools.filter(({ available, needed }) => available < needed);
  return emptied.some((pool) => isSoldOut(pool, listingChangedSeq)) ? "sold" : "changed";
}

function isSoldOut({ available, needed, moves }: EmptiedPool, changedSeq: number): boolean {
  let after = available;
  for (const { seq, kind, units } of moves) {
    const before = after - units;
    if (before >= needed && after < needed) return SALES.has(kind) && seq > changedSeq;
    after = before;
  }
  return false;
}

export interface Brake {
  /** Listings that a change stopped within the last hour, or since the seller last released the brake. */
  readonly stopped: number;
  /** Listings that are held already. */
  readonly held: number;
  readonly limit: number;
}

/** Over this long stops are counted, in milliseconds. */
const BRAKE_WINDOW_MS = 3_600_000;

/** So many a small shop may stop at once. */
const FEWEST = 20;

/** Stops within an hour that go out unasked: a tenth of the listings, unless the seller says otherwise. */
export function stopLimit(listings: number, own: number | null): number {
  return own ?? Math.max(FEWEST, Math.ceil(listings / 10));
}

/** How many more stops may go out. Once it holds one it holds all, until the seller has looked. */
export function stopsLeft({ stopped, held, limit }: Brake): number {
  return held > 0 ? 0 : Math.max(0, limit - stopped);
}

/** From when on stops count. */
export function brakeSince(now: Instant, releasedAt: Instant | null): Instant {
  return Math.max(now - BRAKE_WINDOW_MS, releasedAt ?? 0);
}
