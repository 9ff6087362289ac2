import type { Instant } from "@onepool/core/ledger/units.ts";
import type { OrderFeed } from "@onepool/core/publish/order-feed.ts";
import type pg from "pg";

import type { ListingsKey } from "./claim-store.ts";
import { hasWritten, wakeListings } from "./import-gate-store.ts";

/** While the import is under way, whether it has ended is looked at this often, in milliseconds. */
export const IMPORT_LOOK_MS = 1_000;

/**
 * Nothing is pushed to a channel before its orders are imported up to now: those that were open at the cut-over are promised
 * units, and a number that does not know of them offers them again. Until then a live connection only reads and notes what
 * it would push, as in shadow. Once through, it stays so: later gaps of the feed hold back raises only.
 */
export class ImportGate {
  private readonly pool: pg.Pool;
  private readonly key: ListingsKey;
  private isOpen = false;
  /** When a complete poll was first seen: what it found was received before. */
  private completeSeenAt: Instant | null = null;

  constructor(pool: pg.Pool, key: ListingsKey) {
    this.pool = pool;
    this.key = key;
  }

  /** Whether the import has reached now. In the moment it does, all listings become due. */
  async isThrough(feed: OrderFeed, now: Instant): Promise<boolean> {
    if (this.isOpen) return true;
    if (feed.completeAt === null) return false;
    if (this.completeSeenAt === null) {
      this.completeSeenAt = now;
      // Through before this process began.
      this.isOpen = await hasWritten(this.pool, this.key);
      if (this.isOpen) return true;
    }
    const isRead = feed.oldestUnreadAt === null || feed.oldestUnreadAt > this.completeSeenAt;
    if (!isRead) return false;
    await wakeListings(this.pool, this.key, now);
    this.isOpen = true;
    return true;
  }
}
