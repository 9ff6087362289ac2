// Facts that keepers told, from their arrival until they were worked on. Ways in store them, the apply worker claims them.
import type { KeeperFact } from "@onepool/connectors/contract/keeper/keeper-fact.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { ConnectionKey } from "../notice-store.ts";
import { type FactRow, factRows } from "./fact-rows.ts";

export type FactWay = "delivery" | "collect" | "documents" | "levels" | "file" | "api" | "order";

export type FactState = "due" | "waiting" | "done" | "nothing" | "poison";

/** Where facts come from. */
export interface FactOrigin extends ConnectionKey {
  readonly way: FactWay;
  /** The keeper's id of the delivery, or the file's name; null where there is none. */
  readonly deliveryId: string | null;
  readonly receivedAt: Instant;
}

/** `same`: it was here already. `conflict`: its id was, with another content; the first one stands. */
export type Stored = "new" | "same" | "conflict";

/** Parts of one statement: more are stored one after the other. */
const ROWS_MAX = 1_000;

/**
 * Stores facts once each, and answers for each in the order given. Snapshots with many lines are cut. To be called in a transaction
 * where more than one statement may be needed or something else has to be written with them.
 */
export async function storeFacts(
  client: pg.PoolClient | pg.Pool,
  origin: FactOrigin,
  facts: readonly KeeperFact[],
): Promise<Stored[]> {
  const known = new Map<string, string>();
  const rows: FactRow[] = [];
  const byFact = facts.map((fact) => {
    const its = factRows(fact);
    for (const row of its) if (!known.has(row.factId)) rows.push(row);
    const isRepeated = its.some((row) => known.has(row.factId));
    const isOther = its.some((row) => (known.get(row.factId) ?? row.contentHash) !== row.contentHash);
    for (const row of its) if (!known.has(row.factId)) known.set(row.factId, row.contentHash);
    return { its, isRepeated, isOther };
  });
  const stored = new Map<string, Stored>();
  for (let from = 0; from < rows.length; from += ROWS_MAX)
    for (const [id, how] of await storeRows(client, origin, rows.slice(from, from + ROWS_MAX)))
      stored.set(id, how);
  return byFact.map(({ its, isRepeated, isOther }) => {
    const all = its.map(({ factId }) => stored.get(factId));
    if (isOther || all.includes("conflict")) return "conflict";
    return isRepeated || !all.includes("new") ? "same" : "new";
  });
}

/** Stores rows as they are: parts of a snapshot that is read page by page. */
export async function storeRows(
  client: pg.PoolClient | pg.Pool,
  origin: FactOrigin,
  rows: readonly FactRow[],
): Promise<Map<string, Stored>> {
  if (rows.length === 0) return new Map();
  const { rows: answers } = await client.query<{
    fact_id: string;
    is_new: boolean;
    kept_hash: string | null;
  }>({
    name: "keeper_store_facts",
    text: STORE_FACTS,
    values: [
      origin.sellerId,
      origin.code,
      rows.map(({ factId }) => factId),
      rows.map(({ kind }) => kind),
      rows.map(({ body }) => body),
      rows.map(({ contentHash }) => contentHash),
      rows.map(({ occurredAt }) => new Date(occurredAt)),
      rows.map(({ snapshot }) => snapshot?.id ?? null),
      rows.map(({ snapshot }) => snapshot?.part ?? null),
      rows.map(({ snapshot }) => snapshot?.isLast ?? null),
      new Date(origin.receivedAt),
      origin.way,
      origin.deliveryId,
    ],
  });
  const unseen = answers.filter(({ is_new: isNew, kept_hash: kept }) => !isNew && kept === null);
  // Another process stored these in this moment: only the next statement sees them.
  const seenNow = await readHashes(
    client,
    origin,
    unseen.map(({ fact_id: id }) => id),
  );
  const sent = new Map(rows.map(({ factId, contentHash }) => [factId, contentHash] as const));
  return new Map(
    answers.map(({ fact_id: id, is_new: isNew, kept_hash: kept }) => {
      if (isNew) return [id, "new"] as const;
      return [id, (kept ?? seenNow.get(id)) === sent.get(id) ? "same" : "conflict"] as const;
    }),
  );
}

async function readHashes(
  client: pg.PoolClient | pg.Pool,
  { sellerId, code }: ConnectionKey,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await client.query<{ fact_id: string; content_hash: string }>(
    `select fact_id, content_hash from keeper_fact
     where seller_id = $1 and connection = $2 and fact_id = any($3::text[])`,
    [sellerId, code, ids],
  );
  return new Map(rows.map(({ fact_id: id, content_hash: hash }) => [id, hash]));
}

const STORE_FACTS = `
  with arriving as (
    select * from unnest($3::text[], $4::text[], $5::json[], $6::text[], $7::timestamptz[], $8::text[], $9::int4[], $10::bool[])
      with ordinality as a (fact_id, kind, body, content_hash, occurred_at, snapshot_id, part, is_last_part, place)
  ), stored as (
    insert into keeper_fact (seller_id, connection, fact_id, kind, body, content_hash, occurred_at, snapshot_id, part, is_last_part,
      received_at, next_attempt_at, way, delivery_id)
    select $1, $2, fact_id, kind, body, content_hash, occurred_at, snapshot_id, part, is_last_part, $11, $11, $12, $13
    from arriving order by place
    on conflict do nothing returning fact_id
  )
  select a.fact_id, s.fact_id is not null as is_new, f.content_hash as kept_hash
  from arriving a left join stored s on s.fact_id = a.fact_id
  left join keeper_fact f on f.seller_id = $1 and f.connection = $2 and f.fact_id = a.fact_id
  order by a.place`;

/** A fact that a worker holds. */
export interface ClaimedFact {
  readonly sellerId: number;
  readonly connection: string;
  readonly fact: KeeperFact;
  readonly occurredAt: Instant;
  readonly receivedAt: Instant;
  readonly way: FactWay;
  readonly state: "due" | "waiting";
  /** Which part of which snapshot; null for other facts. */
  readonly snapshot: FactRow["snapshot"];
  /** This attempt's number. */
  readonly attempts: number;
  /** The end of the lease, which also says that it is ours. */
  readonly claimedUntil: Instant;
}

interface StoredFact {
  readonly seller_id: number;
  readonly connection: string;
  readonly body: KeeperFact;
  readonly occurred_at: Date;
  readonly received_at: Date;
  readonly way: FactWay;
  readonly state: "due" | "waiting";
  readonly snapshot_id: string | null;
  readonly part: number | null;
  readonly is_last_part: boolean | null;
  readonly attempts: number;
}

/** Claims what is due, the longest due first. Any number of processes may: each fact is held by one until its lease ends. */
export async function claimDueFacts(
  pool: pg.Pool,
  ask: { readonly now: Instant; readonly leaseMs: number; readonly limit: number },
): Promise<ClaimedFact[]> {
  const claimedUntil = ask.now + ask.leaseMs;
  const { rows } = await pool.query<StoredFact>({
    name: "keeper_claim_due_facts",
    text: CLAIM_DUE_FACTS,
    values: [new Date(ask.now), new Date(claimedUntil), ask.limit],
  });
  return rows.map((row) => ({
    sellerId: row.seller_id,
    connection: row.connection,
    fact: row.body,
    occurredAt: row.occurred_at.getTime(),
    receivedAt: row.received_at.getTime(),
    way: row.way,
    state: row.state,
    snapshot:
      row.snapshot_id === null
        ? null
        : { id: row.snapshot_id, part: row.part ?? 1, isLast: row.is_last_part === true },
    attempts: row.attempts,
    claimedUntil,
  }));
}

const CLAIM_DUE_FACTS = `
  with due as (
    select seller_id, connection, fact_id from keeper_fact
    where state in ('due', 'waiting') and next_attempt_at <= $1 and (claimed_until is null or claimed_until <= $1)
    order by next_attempt_at, arrival limit $3 for update skip locked
  ), claimed as (
    update keeper_fact f set claimed_until = $2, attempts = f.attempts + 1 from due
    where f.seller_id = due.seller_id and f.connection = due.connection and f.fact_id = due.fact_id
    returning f.*
  )
  select seller_id, connection, body, occurred_at, received_at, way, state, snapshot_id, part, is_last_part, attempts
  from claimed order by arrival`;

/** What came of a fact. */
export interface FactEnd {
  readonly now: Instant;
  readonly state: FactState;
  /** The first entry that it made; null: none. */
  readonly seq: number | null;
  /** A sentence for people. */
  readonly error: string | null;
  /** When it is tried again, of one that is due or waits. */
  readonly nextAttemptAt?: Instant;
}

/** Says what came of a fact; false when it is not ours any more: the lease ended and somebody else holds it. */
export async function finishFact(
  client: pg.PoolClient | pg.Pool,
  { sellerId, connection, fact, claimedUntil }: ClaimedFact,
  end: FactEnd,
): Promise<boolean> {
  const isOver = end.state === "done" || end.state === "nothing";
  const { rowCount } = await client.query({
    name: "keeper_finish_fact",
    text: `update keeper_fact set claimed_until = null, state = $5, seq = coalesce(seq, $6), error = $7,
        next_attempt_at = coalesce($8, next_attempt_at), done_at = case when $9 then $10::timestamptz end
      where seller_id = $1 and connection = $2 and fact_id = $3 and claimed_until = $4`,
    values: [
      sellerId,
      connection,
      fact.factId,
      new Date(claimedUntil),
      end.state,
      end.seq,
      end.error,
      end.nextAttemptAt === undefined ? null : new Date(end.nextAttemptAt),
      isOver,
      new Date(end.now),
    ],
  });
  return rowCount === 1;
}

/** Has facts that wait tried again now: settings, SKUs or orders changed. */
export async function retryWaitingFacts(
  pool: pg.Pool,
  { sellerId, code }: { readonly sellerId: number; readonly code: string | null },
  now: Instant,
): Promise<number> {
  const { rowCount } = await pool.query({
    name: "keeper_retry_waiting_facts",
    text: `update keeper_fact set next_attempt_at = $3
      where seller_id = $1 and ($2::text is null or connection = $2) and state = 'waiting' and next_attempt_at > $3`,
    values: [sellerId, code, new Date(now)],
  });
  return rowCount ?? 0;
}
