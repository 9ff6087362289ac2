import type { PollWindow } from "@onepool/core/intake/poll-windows.ts";
import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

/** A connection whose orders are to be listed now. */
export interface DuePoll {
  readonly sellerId: number;
  readonly connection: string;
  readonly changedThrough: Instant;
  readonly attempts: number;
  /** Where the last one had to wait. */
  readonly progress: PollProgress | null;
}

/** How far a poll is. Page tokens are kept to the end: only then the cursor moves. */
export interface PollProgress {
  readonly startedAt: Instant;
  /** What is left, the window under way first. */
  readonly windows: readonly PollWindow[];
  /** The next page of that window; null: its first. */
  readonly page: string | null;
  /** Our time just before the last window was first asked for; null: not yet. */
  readonly lastBegunAt: Instant | null;
  /** The channel's time of the newest change listed. */
  readonly changedThrough: Instant;
  /** Up to when, by its own word, the channel listed everything; null where it does not say. */
  readonly listedThrough: Instant | null;
  /** The same by our clock; null where the channel does not tell its own time. */
  readonly knownThrough: Instant | null;
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
    progress: PollProgress | null;
  }>({
    name: "intake_take_due_polls",
    text: `update order_poll set due_at = $2 from (
        select seller_id, connection from order_poll where due_at <= $1 order by due_at limit $3 for update skip locked
      ) due
      where order_poll.seller_id = due.seller_id and order_poll.connection = due.connection
      returning order_poll.seller_id, order_poll.connection, changed_through, attempts, progress`,
    values: [new Date(ask.now), new Date(ask.nextDueAt), ask.limit],
  });
  return rows.map((row) => ({
    sellerId: row.seller_id,
    connection: row.connection,
    changedThrough: row.changed_through.getTime(),
    attempts: row.attempts,
    progress: row.progress,
  }));
}

/**
 * A poll came to its end: what the channel took up to `completeAt` stands in the inbox or the ledger. One that began before the
 * end of a blindness proves nothing.
 */
export async function finishPoll(
  pool: pg.Pool,
  poll: DuePoll,
  done: {
    readonly startedAt: Instant;
    readonly completeAt: Instant;
    readonly changedThrough: Instant;
    readonly dueAt: Instant;
  },
): Promise<void> {
  await pool.query(
    `update order_poll set changed_through = greatest(changed_through, $3),
       complete_at = case when exists (
         select from connection_sight s where s.seller_id = $1 and s.connection = $2 and s.sighted_at > $6
       ) then complete_at else greatest(complete_at, $4) end,
       due_at = least(due_at, $5), attempts = 0, error = null, progress = null, failing_since = null
     where seller_id = $1 and connection = $2`,
    [
      poll.sellerId,
      poll.connection,
      new Date(done.changedThrough),
      new Date(done.completeAt),
      new Date(done.dueAt),
      new Date(done.startedAt),
    ],
  );
}

/** A poll has to wait for its turn, and goes on there. */
export async function suspendPoll(
  pool: pg.Pool,
  poll: DuePoll,
  { dueAt, progress }: { readonly dueAt: Instant; readonly progress: PollProgress },
): Promise<void> {
  await pool.query(
    `update order_poll set due_at = $3, progress = $4, attempts = 0, error = null, failing_since = null
     where seller_id = $1 and connection = $2`,
    [poll.sellerId, poll.connection, new Date(dueAt), JSON.stringify(progress)],
  );
}

export async function failPoll(
  pool: pg.Pool,
  poll: DuePoll,
  failure: {
    readonly now: Instant;
    readonly dueAt: Instant;
    readonly error: JsonObject;
    readonly progress: PollProgress | null;
  },
): Promise<void> {
  await pool.query(
    `update order_poll set attempts = attempts + 1, due_at = $3, error = $4, progress = $5,
       failing_since = coalesce(failing_since, $6)
     where seller_id = $1 and connection = $2`,
    [
      poll.sellerId,
      poll.connection,
      new Date(failure.dueAt),
      JSON.stringify(failure.error),
      failure.progress === null ? null : JSON.stringify(failure.progress),
      new Date(failure.now),
    ],
  );
}

/** Asks for a poll now: somebody waits for orders that may not have been announced. One that fails or waits for its turn keeps its pace. */
export async function askForPoll(
  pool: pg.Pool,
  key: { readonly sellerId: number; readonly connection: string },
  ask: { readonly now: Instant; readonly isChanged: boolean },
): Promise<void> {
  await pool.query(
    `update order_poll set due_at = $3 where seller_id = $1 and connection = $2 and due_at > $3
       and (attempts = 0 and progress is null or $4)`,
    [key.sellerId, key.connection, new Date(ask.now), ask.isChanged],
  );
}
