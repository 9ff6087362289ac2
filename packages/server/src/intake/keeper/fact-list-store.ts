// Facts as people see them: what came of each, and how one that was put aside is tried again.
import type { KeeperFact } from "@onepool/connectors/contract/keeper/keeper-fact.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import { milliseconds } from "../../ledger/read/sql-fragments.ts";
import type { FactState, FactWay } from "./keeper-fact-store.ts";

/** due: to be worked on. waiting: a facility, item or order is unknown. nothing: told nothing new. poison: put aside. */
export const FACT_STATES = ["due", "waiting", "done", "nothing", "poison"] as const;

export interface FactItem {
  readonly sellerId: number;
  readonly connection: string;
  readonly factId: string;
  readonly kind: KeeperFact["kind"];
  readonly body: KeeperFact;
  readonly way: FactWay;
  readonly deliveryId: string | null;
  readonly occurredAt: Instant;
  readonly receivedAt: Instant;
  readonly state: FactState;
  readonly attempts: number;
  readonly nextAttemptAt: Instant;
  readonly error: string | null;
  readonly seq: number | null;
  readonly doneAt: Instant | null;
  /** Its place in the list. */
  readonly arrival: number;
}

export interface FactFilter {
  /** Null: of all sellers. */
  readonly sellerId: number | null;
  /** Null: of all connections. */
  readonly connection: string | null;
  /** Null: in whatever state. */
  readonly state: FactState | null;
  /** The place of the last item of the page before. */
  readonly before: number | null;
  readonly limit: number;
}

/** The newest first. */
export async function listFacts(pool: pg.Pool, filter: FactFilter): Promise<FactItem[]> {
  const { sellerId, connection, state, before, limit } = filter;
  const { rows } = await pool.query<FactItem>(
    `select f.seller_id as "sellerId", f.connection, f.fact_id as "factId", f.kind, f.body, f.way,
      f.delivery_id as "deliveryId", ${milliseconds("f.occurred_at")} as "occurredAt",
      ${milliseconds("f.received_at")} as "receivedAt", f.state, f.attempts,
      ${milliseconds("f.next_attempt_at")} as "nextAttemptAt", f.error, f.seq, ${milliseconds("f.done_at")} as "doneAt", f.arrival
    from keeper_fact f
    where ($1::int8 is null or f.seller_id = $1) and ($2::text is null or f.connection = $2)
      and ($3::text is null or f.state = $3) and ($4::int8 is null or f.arrival < $4)
    order by f.arrival desc limit $5`,
    [sellerId, connection, state, before, limit],
  );
  return rows;
}

/** What names a fact. */
export interface FactKey {
  readonly sellerId: number;
  readonly connection: string;
  readonly factId: string;
}

/** Has a fact that was put aside or waits tried again now; its state by then, null when there is no such fact. */
export async function replayFact(pool: pg.Pool, key: FactKey, now: Instant): Promise<FactState | null> {
  const { sellerId, connection, factId } = key;
  const { rows } = await pool.query<{ state: FactState }>(
    `update keeper_fact set
       state = case when state = 'poison' then 'due' else state end,
       attempts = case when state in ('poison', 'waiting') then 0 else attempts end,
       next_attempt_at = case when state in ('poison', 'waiting') then $4 else next_attempt_at end
     where seller_id = $1 and connection = $2 and fact_id = $3
     returning state`,
    [sellerId, connection, factId, new Date(now)],
  );
  return rows[0]?.state ?? null;
}

/** Has everything tried again that was put aside; how many. */
export async function replayPoison(
  pool: pg.Pool,
  of: { readonly sellerId: number | null; readonly connection: string | null },
  now: Instant,
): Promise<number> {
  const { rowCount } = await pool.query(
    `update keeper_fact set state = 'due', attempts = 0, next_attempt_at = $3
     where state = 'poison' and ($1::int8 is null or seller_id = $1) and ($2::text is null or connection = $2)`,
    [of.sellerId, of.connection, new Date(now)],
  );
  return rowCount ?? 0;
}
