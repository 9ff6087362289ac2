// What this process remembers of one seller's ledger. All of it is true as of `head.seq`; whoever finds that the head moved
// on without us drops it. Batches on their way to the database are already in it: they fail together or not at all.
import { keyOf, LedgerState } from "@onepool/core/ledger/ledger-state.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";

import type { DecidedBatch } from "./decided-batch.ts";
import type { KeptAnswer } from "./kept-answers.ts";

export interface Head {
  readonly seq: number;
  readonly lastAccountId: number;
  readonly recordedAt: Instant;
}

/** The last leg of an account: the next one follows it. `seq` is null before the first. */
export interface AccountTip {
  readonly accountId: number;
  seq: number | null;
  leg: number | null;
  after: Units;
}

/** The tips of one SKU's accounts, by `keyOf(location, bucket)`. */
export type SkuTips = Map<string, AccountTip>;

export class SellerCache {
  readonly state = new LedgerState({ complete: false });
  readonly tips = new Map<string, SkuTips>();
  /** Answers lately given under idempotency keys. */
  readonly answers = new Map<string, KeptAnswer>();
  head: Head;

  constructor(head: Head) {
    this.head = head;
  }

  /**
   * Forgets, once a batch stands, what comes once and seldom again: its orders, holds, external ids and answers. Kept, they
   * would fill memory with the past. A row that the next batch changed meanwhile is left to that one.
   */
  forget({ changed, entries }: DecidedBatch): void {
    const { orders, reservations, externalEntries, unmapped } = this.state;
    for (const { key, record } of changed.orders.values()) if (orders.get(key) === record) orders.delete(key);
    for (const { key, record } of changed.reservations.values())
      if (reservations.get(key) === record) reservations.delete(key);
    for (const { key, isNew } of changed.skus.values()) if (isNew) unmapped.delete(keyOf("sku", key));
    for (const { draft } of entries)
      if (draft.externalId !== null) externalEntries.delete(keyOf(draft.kind, draft.externalId));
  }

  /** Forgets the oldest rows of each kind beyond the limit. Only while nothing is on its way to the database. */
  trim(limit: number): void {
    const { state } = this;
    for (const sku of oldest(state.accounts, limit)) {
      state.accounts.delete(sku);
      this.tips.delete(sku);
    }
    for (const table of [
      state.skus,
      state.listings,
      state.orders,
      state.reservations,
      state.withheldUnits,
      state.inbounds,
      state.externalEntries,
      state.counts,
      state.movedAfter,
      state.unmapped,
      state.alerts,
      this.answers,
    ]) {
      for (const key of oldest(table, limit)) table.delete(key);
    }
  }

  /** Rows of the fullest kind: what `trim` is decided by. */
  get fill(): number {
    const { state } = this;
    return Math.max(
      state.accounts.size,
      state.skus.size,
      state.listings.size,
      state.orders.size,
      state.reservations.size,
      state.withheldUnits.size,
      state.inbounds.size,
      state.externalEntries.size,
      state.counts.size,
      state.movedAfter.size,
      state.unmapped.size,
      state.alerts.size,
      this.answers.size,
    );
  }
}

/** The keys to give up: those that came first, down to three quarters of the limit. */
function oldest(table: ReadonlyMap<string, unknown>, limit: number): string[] {
  const surplus = table.size > limit ? table.size - Math.floor(limit * 0.75) : 0;
  const keys: string[] = [];
  for (const key of table.keys()) {
    if (keys.length >= surplus) break;
    keys.push(key);
  }
  return keys;
}
