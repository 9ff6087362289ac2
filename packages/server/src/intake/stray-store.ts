// Messages that could not be stored in an inbox: malformed ones, and those of accounts that are nobody's.
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { ConnectionKey } from "./notice-store.ts";

export interface StrayMessage {
  readonly queueUrl: string;
  readonly messageId: string;
  readonly kind: string;
  /** The account it names; null where it names none. */
  readonly accountId: string | null;
  readonly reason: string;
  readonly text: string;
  readonly sentAt: Instant | null;
  readonly receivedAt: Instant;
}

/** The reason of a message that is to be tried again. */
export const REPLAYED = "to be tried again";

/**
 * Keeps a message aside. It is shown to a seller only if the queue is that seller's alone: what a shared queue holds may be
 * about anybody.
 */
export async function keepStray(
  pool: pg.Pool,
  stray: StrayMessage,
  namedBy: readonly ConnectionKey[],
): Promise<void> {
  const sellers = [...new Set(namedBy.map(({ sellerId }) => sellerId))];
  await pool.query(
    `insert into stray_message (queue_url, message_id, seller_id, kind, account_id, reason, body, sent_at, received_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (queue_url, message_id) do update set reason = excluded.reason, received_at = excluded.received_at`,
    [
      stray.queueUrl,
      stray.messageId,
      sellers.length === 1 ? sellers[0] : null,
      stray.kind,
      stray.accountId,
      stray.reason,
      JSON.stringify(stray.text),
      stray.sentAt === null ? null : new Date(stray.sentAt),
      new Date(stray.receivedAt),
    ],
  );
}

/** Stray messages whose account is one of these connections' by now, and those that somebody wants tried again. */
export async function straysOf(
  pool: pg.Pool,
  queueUrl: string,
  connections: readonly ConnectionKey[],
  limit: number,
): Promise<{ readonly messageId: string; readonly text: string; readonly sentAt: Instant | null }[]> {
  const { rows } = await pool.query<{ message_id: string; body: string; sent_at: Date | null }>({
    name: "intake_strays_of",
    text: `select s.message_id, s.body, s.sent_at from stray_message s
      where s.queue_url = $1 and (s.reason = $5 or exists (
        select from channel_account a
        join unnest($2::int8[], $3::text[]) as n (seller_id, connection)
          on n.seller_id = a.seller_id and n.connection = a.connection
        where a.kind = s.kind and a.account_id = s.account_id))
      order by s.received_at limit $4`,
    values: [
      queueUrl,
      connections.map(({ sellerId }) => sellerId),
      connections.map(({ code }) => code),
      limit,
      REPLAYED,
    ],
  });
  return rows.map((row) => ({
    messageId: row.message_id,
    text: row.body,
    sentAt: row.sent_at?.getTime() ?? null,
  }));
}

export async function dropStray(pool: pg.Pool, queueUrl: string, messageId: string): Promise<void> {
  await pool.query("delete from stray_message where queue_url = $1 and message_id = $2", [
    queueUrl,
    messageId,
  ]);
}

/** Forgets what nobody claimed. */
export async function forgetStrays(pool: pg.Pool, before: Instant): Promise<void> {
  await pool.query("delete from stray_message where received_at < $1", [new Date(before)]);
}
