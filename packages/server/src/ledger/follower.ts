// Reading the ledger in its own order. The sequence of a seller has no gaps and commits in order (whoever writes holds the
// head), so `seq > cursor` misses nothing and needs no horizon.
import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

export interface RecordedLeg {
  readonly leg: number;
  readonly sku: string;
  readonly location: string;
  readonly bucket: string;
  readonly units: Units;
  readonly counterpart: string;
  readonly before: Units;
  readonly after: Units;
  readonly lineId: string | null;
  readonly reason: string | null;
  readonly occurredAt: Instant | null;
}

export interface RecordedEntry {
  readonly seq: number;
  readonly kind: string;
  readonly recordedAt: Instant;
  readonly occurredAt: Instant;
  readonly channel: string | null;
  readonly orderId: string | null;
  readonly externalId: string | null;
  readonly body: JsonObject;
  readonly legs: readonly RecordedLeg[];
}

/** The entries after `cursor` with their legs, oldest first, at most `limit`. */
export async function readEntries(
  client: Pick<pg.Pool, "query">,
  sellerId: number,
  after: { readonly cursor: number; readonly limit: number },
): Promise<readonly RecordedEntry[]> {
  const { rows } = await client.query<EntryRow>(
    `select seq, kind, (extract(epoch from recorded_at) * 1000)::bigint as recorded_at,
       (extract(epoch from occurred_at) * 1000)::bigint as occurred_at, channel, order_id, external_id, body
     from entry where seller_id = $1 and seq > $2 order by seq limit $3`,
    [sellerId, after.cursor, after.limit],
  );
  const last = rows.at(-1);
  if (last === undefined) return [];
  const legs = await readLegs(client, sellerId, { from: after.cursor, to: Number(last.seq) });
  return rows.map((row) => ({
    seq: Number(row.seq),
    kind: row.kind,
    recordedAt: Number(row.recorded_at),
    occurredAt: Number(row.occurred_at),
    channel: row.channel,
    orderId: row.order_id,
    externalId: row.external_id,
    body: row.body,
    legs: legs.get(Number(row.seq)) ?? [],
  }));
}

interface EntryRow {
  seq: number;
  kind: string;
  recorded_at: number;
  occurred_at: number;
  channel: string | null;
  order_id: string | null;
  external_id: string | null;
  body: JsonObject;
}

interface LegRow {
  seq: number;
  leg: number;
  sku: string;
  location: string;
  bucket: string;
  units: number;
  counterpart: string;
  before: number;
  after: number;
  line_id: string | null;
  reason: string | null;
  occurred_at: number | null;
}

async function readLegs(
  client: Pick<pg.Pool, "query">,
  sellerId: number,
  range: { from: number; to: number },
): Promise<Map<number, RecordedLeg[]>> {
  const { rows } = await client.query<LegRow>(
    `select m.seq, m.leg, a.sku, a.location, a.bucket, m.units, m.counterpart, m.before, m.after, m.line_id, m.reason,
       (extract(epoch from m.occurred_at) * 1000)::bigint as occurred_at
     from movement m join account a on a.seller_id = $1 and a.account_id = m.account_id
     where m.seller_id = $1 and m.seq > $2 and m.seq <= $3
     order by m.seq, m.leg`,
    [sellerId, range.from, range.to],
  );
  const legs = new Map<number, RecordedLeg[]>();
  for (const row of rows) {
    const ofEntry = legs.get(Number(row.seq)) ?? [];
    legs.set(Number(row.seq), ofEntry);
    ofEntry.push(legOf(row));
  }
  return legs;
}

function legOf(row: LegRow): RecordedLeg {
  return {
    leg: row.leg,
    sku: row.sku,
    location: row.location,
    bucket: row.bucket,
    units: Number(row.units),
    counterpart: row.counterpart,
    before: Number(row.before),
    after: Number(row.after),
    lineId: row.line_id,
    reason: row.reason,
    occurredAt: row.occurred_at === null ? null : Number(row.occurred_at),
  };
}

/** A named reader of one seller's entries. */
export interface FollowerName {
  readonly sellerId: number;
  readonly name: string;
}

/**
 * Hands the next entries to a follower and moves its cursor in the same transaction as its output, so that each entry is
 * worked into it exactly once, whoever crashes and however many processes follow under one name. Answers the number of
 * entries.
 */
export async function followOnce(
  pool: pg.Pool,
  { sellerId, name }: FollowerName,
  work: (client: pg.PoolClient, entries: readonly RecordedEntry[]) => Promise<void>,
  limit = 1_000,
): Promise<number> {
  const client = await pool.connect();
  let isClean = false;
  try {
    await client.query("begin");
    await client.query(
      "insert into follower (seller_id, name, seq) values ($1, $2, 0) on conflict do nothing",
      [sellerId, name],
    );
    const { rows } = await client.query<{ seq: number }>(
      "select seq from follower where seller_id = $1 and name = $2 for update",
      [sellerId, name],
    );
    const cursor = Number(rows[0]?.seq ?? 0);
    const entries = await readEntries(client, sellerId, { cursor, limit });
    const last = entries.at(-1);
    if (last !== undefined) {
      await work(client, entries);
      await client.query("update follower set seq = $3 where seller_id = $1 and name = $2", [
        sellerId,
        name,
        last.seq,
      ]);
    }
    await client.query("commit");
    isClean = true;
    return entries.length;
  } finally {
    client.release(!isClean);
  }
}
