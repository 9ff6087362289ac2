import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { ConnectionKey } from "./notice-store.ts";

/** A connection whose channel is to be asked now for what it could not deliver. */
export interface DueMissedPoll extends ConnectionKey {
  readonly attempts: number;
}

/** Takes what is due, of channels of these kinds; each comes up again at `nextDueAt`, should we not live to say otherwise. */
export async function takeDueMissedPolls(
  pool: pg.Pool,
  ask: {
    readonly now: Instant;
    readonly nextDueAt: Instant;
    readonly limit: number;
    readonly kinds: readonly string[];
  },
): Promise<DueMissedPoll[]> {
  const { rows } = await pool.query<DueMissedPoll>({
    name: "intake_take_due_missed",
    text: `update order_poll p set missed_due_at = $2 from (
        select o.seller_id, o.connection from order_poll o
        join connection c on c.seller_id = o.seller_id and c.code = o.connection and c.kind = any($4)
        where o.missed_due_at <= $1 order by o.missed_due_at limit $3 for update of o skip locked
      ) due
      where p.seller_id = due.seller_id and p.connection = due.connection
      returning p.seller_id as "sellerId", p.connection as code, p.missed_attempts as attempts`,
    values: [new Date(ask.now), new Date(ask.nextDueAt), ask.limit, ask.kinds],
  });
  return rows;
}

/** Everything was listed at `completeAt`; null: not yet, it goes on at `dueAt`. */
export async function finishMissedPoll(
  pool: pg.Pool,
  { sellerId, code }: DueMissedPoll,
  done: { readonly completeAt: Instant | null; readonly dueAt: Instant },
): Promise<void> {
  await pool.query(
    `update order_poll set missed_due_at = $3, missed_complete_at = coalesce($4, missed_complete_at), missed_attempts = 0,
       missed_error = null
     where seller_id = $1 and connection = $2`,
    [sellerId, code, new Date(done.dueAt), done.completeAt === null ? null : new Date(done.completeAt)],
  );
}

export async function failMissedPoll(
  pool: pg.Pool,
  { sellerId, code }: DueMissedPoll,
  failure: { readonly dueAt: Instant; readonly error: JsonObject },
): Promise<void> {
  await pool.query(
    `update order_poll set missed_due_at = $3, missed_attempts = missed_attempts + 1, missed_error = $4
     where seller_id = $1 and connection = $2`,
    [sellerId, code, new Date(failure.dueAt), JSON.stringify(failure.error)],
  );
}
