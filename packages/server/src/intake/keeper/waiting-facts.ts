import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import { Pulse } from "../../connections/pulse.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Log } from "../../log/log.ts";

export interface WaitingFactsOptions {
  readonly pool: pg.Pool;
  readonly ledger: Pick<Ledger, "onCommit">;
  /** Kinds of keepers. */
  readonly kinds: readonly string[];
  readonly clock: { now(): number };
  readonly log: Log;
  /** Facts that waited are due. */
  onDue(): void;
}

/** Ledgers are looked through this often although nobody woke us, and at most so soon after a commit, in milliseconds. */
const LOOK_MS = 1_000;
const TOGETHER_MS = 200;

/** Snapshots are kept this long after they were worked on: what came of them stands elsewhere. In milliseconds. */
const SNAPSHOTS_KEPT_MS = 7 * 24 * 3_600_000;
const FORGET_EVERY_MS = 3_600_000;

/** Facts about orders that are tried again when any order comes; the others every hour. */
const TRIED_WITH_AN_ORDER = 200;

/** Has facts tried again when what they wait for may be there: a SKU, a location, a setting, an order. */
export class WaitingFacts {
  private readonly options: WaitingFactsOptions;
  private readonly pulse: Pulse;
  private readonly stopListening: () => void;
  private forgottenAt = -Infinity;

  constructor(options: WaitingFactsOptions) {
    this.options = options;
    const work = (): Promise<void> => this.look();
    this.pulse = new Pulse({
      name: "waiting facts",
      stage: "intake",
      log: options.log,
      idleMs: LOOK_MS,
      work,
    });
    this.stopListening = options.ledger.onCommit(() => this.pulse.wakeIn(TOGETHER_MS));
    this.pulse.wake();
  }

  async close(): Promise<void> {
    this.stopListening();
    await this.pulse.close();
  }

  private async look(): Promise<void> {
    const { pool, kinds, clock } = this.options;
    const now = clock.now();
    if ((await followLedgers(pool, kinds, now)) > 0) this.options.onDue();
    if (now - this.forgottenAt < FORGET_EVERY_MS) return;
    this.forgottenAt = now;
    await forgetSnapshots(pool, now - SNAPSHOTS_KEPT_MS);
  }
}

/**
 * Makes waiting facts due where a seller's ledger grew by what they may have waited for, and moves the cursors; how many. Orders
 * are only waited for by what is told of orders, and by the newest of it: a keeper tells years of orders that were never ours. A seller who comes new has nothing that waits since before.
 */
async function followLedgers(pool: pg.Pool, kinds: readonly string[], now: Instant): Promise<number> {
  const { rowCount } = await pool.query({
    name: "keeper_follow_ledgers",
    text: `with sellers as (
        select distinct seller_id from connection where kind = any($1)
      ), made as (
        insert into follower (seller_id, name, seq)
        select h.seller_id, 'keeper_facts', h.seq from sellers s join head h on h.seller_id = s.seller_id
        where not exists (select from follower f where f.seller_id = h.seller_id and f.name = 'keeper_facts')
        on conflict do nothing
      ), moved as (
        update follower f set seq = b.through from (
          select f.seller_id, f.seq as since, h.seq as through
          from sellers s
          join follower f on f.seller_id = s.seller_id and f.name = 'keeper_facts'
          join head h on h.seller_id = f.seller_id and h.seq > f.seq
          for update of f skip locked
        ) b
        where f.seller_id = b.seller_id and f.name = 'keeper_facts'
        returning f.seller_id, b.since, b.through
      ), news as (
        select m.seller_id, bool_or(e.kind in ('sku', 'location', 'connection')) as is_map,
          bool_or(e.kind = 'order') as is_order
        from moved m join entry e on e.seller_id = m.seller_id and e.seq > m.since and e.seq <= m.through
        group by m.seller_id
      )
      update keeper_fact k set next_attempt_at = $2
      from news n cross join lateral (
        (select w.connection, w.fact_id from keeper_fact w
         where n.is_map and w.seller_id = n.seller_id and w.state = 'waiting')
        union all
        (select w.connection, w.fact_id from keeper_fact w
         where n.is_order and not n.is_map and w.seller_id = n.seller_id and w.state = 'waiting'
           and w.kind in ('pick', 'shipment', 'return')
         order by w.arrival desc limit $3)
      ) w
      where k.seller_id = n.seller_id and k.connection = w.connection and k.fact_id = w.fact_id and k.next_attempt_at > $2`,
    values: [kinds, new Date(now), TRIED_WITH_AN_ORDER],
  });
  return rowCount ?? 0;
}

async function forgetSnapshots(pool: pg.Pool, before: Instant): Promise<void> {
  await pool.query("delete from keeper_fact where kind = 'snapshot' and done_at < $1", [new Date(before)]);
}
