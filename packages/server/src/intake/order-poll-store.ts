import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

/** A connection whose orders are to be listed now. */
export interface DuePoll {
  readonly sellerId: number;
  readonly connection: string;
  readonly changedThrough: Instant;
  readonly attempts: number;
}

/** Gives every connection of these kinds its row. Orders are followed from the cut-over on. */
export async function coverConnections(pool: pg.Pool, kinds: readonly string[], now: Instant): Promise<void> {
  await pool.query({
    name: "intake_cover_connections",
    text: `insert into order_poll (seller_id, connection, changed_through, due_at)
      select c.seller_id, c.code, coalesce(c.since, $2), $2 from connection c
      where c.kind = any($1) and not exists (
        select from order_poll p where p.seller_id = c.seller_id and p.connection = c.code)
      on conflict do nothing`,
    values: [kinds, new Date(now)],
  });
}

/** Takes polls that are due; each comes up again at `nextDueAt`, should we not live to say otherwise. */
export async function takeDuePolls(
  pool: pg.Pool,
  ask: { readonly now: Instant; readonly nextDueAt: Instant; readonly limit: number },
): Promise<DuePoll[]> {
  const { rows } = await pool.query<{
    seller_id: number;
    connection: string;
    changed_through: Date;
    attempts: number;
  }>({
    name: "intake_take_due_polls",
    text: `update order_poll set due_at = $2 from (
        select seller_id, connection from order_poll where due_at <= $1 order by due_at limit $3 for update skip locked
      ) due
      where order_poll.seller_id = due.seller_id and order_poll.connection = due.connection
      returning order_poll.seller_id, order_poll.connection, changed_through, attempts`,
    values: [new Date(ask.now), new Date(ask.nextDueAt), ask.limit],
  });
  return rows.map((row) => ({
    sellerId: row.seller_id,
    connection: row.connection,
    changedThrough: row.changed_through.getTime(),
    attempts: row.attempts,
  }));
}

/** A poll came to its end: everything that had changed when it began stands in the inbox. */
export async function finishPoll(
  pool: pg.Pool,
  poll: DuePoll,
  done: { readonly startedAt: Instant; readonly changedThrough: Instant; readonly dueAt: Instant },
): Promise<void> {
  await pool.query(
    `update order_poll set changed_through = greatest(changed_through, $3), complete_at = greatest(complete_at, $4),
       due_at = least(due_at, $5), attempts = 0, error = null
     where seller_id = $1 and connection = $2`,
    [
      poll.sellerId,
      poll.connection,
      new Date(done.changedThrough),
      new Date(done.startedAt),
      new Date(done.dueAt),
    ],
  );
}

export async function failPoll(
  pool: pg.Pool,
  poll: DuePoll,
  failure: { readonly dueAt: Instant; readonly error: JsonObject },
): Promise<void> {
  await pool.query(
    `update order_poll set attempts = attempts + 1, due_at = $3, error = $4 where seller_id = $1 and connection = $2`,
    [poll.sellerId, poll.connection, new Date(failure.dueAt), JSON.stringify(failure.error)],
  );
}

/** Asks for a poll now: somebody waits for orders that may not have been announced. A failing one keeps its pace. */
export async function askForPoll(
  pool: pg.Pool,
  key: { readonly sellerId: number; readonly connection: string },
  ask: { readonly now: Instant; readonly isChanged: boolean },
): Promise<void> {
  await pool.query(
    `update order_poll set due_at = $3 where seller_id = $1 and connection = $2 and due_at > $3 and (attempts = 0 or $4)`,
    [key.sellerId, key.connection, new Date(ask.now), ask.isChanged],
  );
}
