// What is to be looked at soon, each item and order once however often it is asked for.
import type { KeeperLook } from "@onepool/connectors/contract/keeper/keeper.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { ConnectionKey } from "../notice-store.ts";
import { askForReadings } from "./progress-store.ts";

/** What is asked for within this time is read together, in milliseconds. */
const TOGETHER_MS = 1_000;

/** An order at a keeper, by our reference or by its own id. */
export type OrderQuery = { readonly reference: string } | { readonly keeperOrderId: string };

type Subject = "item" | "order" | "reference";

export interface Look {
  readonly subject: Subject;
  readonly id: string;
  readonly attempts: number;
}

/** Has everything read that a delivery could only point at. */
export async function askForLook(
  client: pg.PoolClient | pg.Pool,
  key: ConnectionKey,
  look: KeeperLook,
  now: Instant,
): Promise<void> {
  const { items = [], keeperOrderIds = [], movements = false, documents = false } = look;
  await askFor(client, key, [...subjects("item", items), ...subjects("order", keeperOrderIds)], now);
  const ways = [...(movements ? (["collect"] as const) : []), ...(documents ? (["documents"] as const) : [])];
  if (ways.length > 0) await askForReadings(client, key, { ways, dueAt: now + TOGETHER_MS });
}

/** Has what lies there of these items read again, at `at` or soon after: what changes at present is better read in a while. */
export async function askForLevels(
  client: pg.PoolClient | pg.Pool,
  key: ConnectionKey,
  items: readonly string[],
  at: Instant,
): Promise<void> {
  await askFor(client, key, subjects("item", items), at);
}

/** Has an order read as it stands. */
export async function askForOrder(
  client: pg.PoolClient | pg.Pool,
  key: ConnectionKey,
  order: OrderQuery,
  now: Instant,
): Promise<void> {
  const looked =
    "reference" in order
      ? subjects("reference", [order.reference])
      : subjects("order", [order.keeperOrderId]);
  await askFor(client, key, looked, now);
}

/** What is to be looked at now, what was refused last, so that it keeps nothing else waiting; and when there is more. */
export async function readLooks(
  pool: pg.Pool,
  key: ConnectionKey,
  { now, limit }: { readonly now: Instant; readonly limit: number },
): Promise<{ readonly looks: readonly Look[]; readonly nextAt: Instant | null }> {
  const { rows } = await pool.query<Look & { readonly wanted_at: Date }>({
    name: "keeper_read_looks",
    text: `select subject, id, attempts, wanted_at from keeper_look where seller_id = $1 and connection = $2
      order by wanted_at > $3, attempts, wanted_at, subject, id limit $4`,
    values: [key.sellerId, key.code, new Date(now), limit],
  });
  const looks = rows.filter(({ wanted_at: at }) => at.getTime() <= now);
  const later = rows.map(({ wanted_at: at }) => at.getTime()).filter((at) => at > now);
  return { looks, nextAt: later.length === 0 ? null : Math.min(...later) };
}

/** These were read, beginning at `readAt`; what was asked for since is read again. */
export async function endLooks(
  client: pg.PoolClient | pg.Pool,
  key: ConnectionKey,
  looks: readonly Look[],
  readAt: Instant,
): Promise<void> {
  await client.query({
    name: "keeper_end_looks",
    text: `delete from keeper_look l using unnest($3::text[], $4::text[]) as d (subject, id)
      where l.seller_id = $1 and l.connection = $2 and l.subject = d.subject and l.id = d.id and l.wanted_at <= $5`,
    values: [...valuesOf(key, looks), new Date(readAt)],
  });
}

/** These were refused: later, and at last never again. */
export async function failLooks(
  client: pg.PoolClient | pg.Pool,
  key: ConnectionKey,
  looks: readonly Look[],
  attemptsMax: number,
): Promise<void> {
  await client.query({
    name: "keeper_fail_looks",
    text: `with failed as (
        update keeper_look l set attempts = l.attempts + 1 from unnest($3::text[], $4::text[]) as d (subject, id)
        where l.seller_id = $1 and l.connection = $2 and l.subject = d.subject and l.id = d.id and l.attempts + 1 < $5
        returning l.id
      )
      delete from keeper_look l using unnest($3::text[], $4::text[]) as d (subject, id)
      where l.seller_id = $1 and l.connection = $2 and l.subject = d.subject and l.id = d.id and l.attempts + 1 >= $5`,
    values: [...valuesOf(key, looks), attemptsMax],
  });
}

function subjects(subject: Subject, ids: readonly string[]): Omit<Look, "attempts">[] {
  return ids.map((id) => ({ subject, id }));
}

async function askFor(
  client: pg.PoolClient | pg.Pool,
  key: ConnectionKey,
  looks: readonly Omit<Look, "attempts">[],
  now: Instant,
): Promise<void> {
  const kept = looks.filter(({ id }) => id !== "" && id.isWellFormed() && !id.includes("\0"));
  if (kept.length === 0) return;
  await client.query({
    name: "keeper_ask_for_looks",
    text: `with wanted as (
        insert into keeper_look as l (seller_id, connection, subject, id, wanted_at)
        select distinct $1::int8, $2::text, d.subject, d.id, $5::timestamptz from unnest($3::text[], $4::text[]) as d (subject, id)
        on conflict (seller_id, connection, subject, id) do update
          set wanted_at = greatest(l.wanted_at, excluded.wanted_at), attempts = 0
      )
      insert into keeper_progress as p (seller_id, connection, way, due_at) values ($1, $2, 'looks', $6)
      on conflict (seller_id, connection, way) do update set due_at = least(p.due_at, excluded.due_at) where p.attempts = 0`,
    values: [...valuesOf(key, kept), new Date(now), new Date(now + TOGETHER_MS)],
  });
}

function valuesOf(
  { sellerId, code }: ConnectionKey,
  looks: readonly Omit<Look, "attempts">[],
): (string | number | string[])[] {
  return [sellerId, code, looks.map(({ subject }) => subject), looks.map(({ id }) => id)];
}
