import type { Json, JsonObject } from "@onepool/core/ledger/json.ts";
import type pg from "pg";

import type { Position } from "./position.ts";

/** A ledger entry as the stream names it. */
export interface LiveEntry {
  readonly seq: number;
  readonly kind: string;
  readonly recordedAt: Date;
  readonly channel: string | null;
  readonly orderId: string | null;
}

/** The numbers of a SKU right after an entry. */
export interface LiveSku {
  readonly sku: string;
  readonly onHand: number;
  readonly available: number;
  readonly reserved: number;
  readonly committed: number;
  readonly qualityControl: number;
  readonly damaged: number;
  readonly incoming: number;
  readonly returning: number;
}

/** An alert that opened or was resolved. */
export interface LiveAlert {
  readonly alertId: string;
  readonly kind: string;
  readonly severity: string;
  readonly body: JsonObject;
  readonly openedAt: Date;
  readonly resolvedAt: Date | null;
}

/** Something seen at a channel, or sent to it. */
export interface LiveObservation {
  readonly cursor: number;
  readonly connection: string;
  readonly externalId: string | null;
  readonly kind: string;
  readonly recordedAt: Date;
  readonly body: Json;
}

/** Where both logs of a seller end now. */
export async function readHeads(pool: pg.Pool, sellerId: number): Promise<Position> {
  const { rows } = await pool.query<Position>(
    `select coalesce((select seq from head where seller_id = $1), 0) as seq,
            coalesce((select cursor from observation_head where seller_id = $1), 0) as cursor`,
    [sellerId],
  );
  return rows[0] ?? { seq: 0, cursor: 0 };
}

/** The sellers, of those given, with where their logs end: one cheap question for all that are being watched. */
export async function readHeadsOf(
  pool: pg.Pool,
  sellerIds: readonly number[],
): Promise<(Position & { readonly sellerId: number })[]> {
  const { rows } = await pool.query<Position & { sellerId: number }>(
    `select h.seller_id as "sellerId", h.seq, coalesce(o.cursor, 0) as cursor
     from head h left join observation_head o on o.seller_id = h.seller_id
     where h.seller_id = any($1)`,
    [sellerIds],
  );
  return rows;
}

/** Entries after a sequence number, in order. The sequence has no gaps, and neither has the answer. */
export async function readEntries(
  pool: pg.Pool,
  sellerId: number,
  after: number,
  limit: number,
): Promise<LiveEntry[]> {
  const { rows } = await pool.query<LiveEntry>(
    `select seq, kind, recorded_at as "recordedAt", channel, order_id as "orderId"
     from entry where seller_id = $1 and seq > $2 order by seq limit $3`,
    [sellerId, after, limit],
  );
  return rows;
}

/** SKUs that the entries after `after` up to `through` moved or described, at most `limit` of them. */
export async function readTouchedSkus(
  pool: pg.Pool,
  sellerId: number,
  range: { readonly after: number; readonly through: number; readonly limit: number },
): Promise<string[]> {
  const { rows } = await pool.query<{ sku: string }>(
    `select a.sku from movement m join account a on a.seller_id = $1 and a.account_id = m.account_id
     where m.seller_id = $1 and m.seq > $2 and m.seq <= $3
     union
     select body ->> 'sku' from entry where seller_id = $1 and seq > $2 and seq <= $3 and kind = 'sku'
     limit $4`,
    [sellerId, range.after, range.through, range.limit],
  );
  return rows.map((row) => row.sku);
}

/**
 * The numbers of SKUs as they were right after an entry. The legs of an account form a chain, each with the balance
 * before and after it: of those that follow a leg up to that entry the last one tells, in one step down the chain's index
 * however long the history (`account_id + 0` is how it is indexed).
 */
export async function readNumbersAt(
  pool: pg.Pool,
  sellerId: number,
  skus: readonly string[],
  seq: number,
): Promise<LiveSku[]> {
  const { rows } = await pool.query<LiveSku>(
    `select s.sku,
       (sellable + quality_control + damaged)::int8 as "onHand",
       (sellable - reserved - committed)::int8 as available,
       reserved::int8, committed::int8, quality_control::int8 as "qualityControl", damaged::int8,
       incoming::int8, n.returning::int8
     from unnest($2::text[]) as s (sku)
     cross join lateral (
       select
         coalesce(sum(u.units) filter (where a.bucket = 'sellable'), 0) as sellable,
         coalesce(sum(u.units) filter (where a.bucket = 'quality_control'), 0) as quality_control,
         coalesce(sum(u.units) filter (where a.bucket = 'damaged'), 0) as damaged,
         coalesce(sum(u.units) filter (where a.bucket = 'incoming'), 0) as incoming,
         coalesce(sum(u.units) filter (where a.bucket = 'reserved'), 0) as reserved,
         coalesce(sum(u.units) filter (where a.bucket = 'committed'), 0) as committed,
         coalesce(sum(u.units) filter (where a.bucket = 'returning'), 0) as returning
       from account a
       left join location l on l.seller_id = $1 and l.code = a.location
       cross join lateral (select coalesce((
         select case when m.seq <= $3 then m.after else m.before end from movement m
         where m.seller_id = $1 and (m.account_id + 0) = a.account_id and m.prev_seq <= $3
         order by m.prev_seq desc nulls last, m.prev_leg desc nulls last limit 1
       ), (
         select m.after from movement m
         where m.seller_id = $1 and (m.account_id + 0) = a.account_id and m.prev_seq is null and m.seq <= $3
       ), 0) as units) u
       where a.seller_id = $1 and a.sku = s.sku and l.kind is distinct from 'channel'
     ) n`,
    [sellerId, skus, seq],
  );
  return rows;
}

/** Alerts that opened or were resolved with the entries after `after` up to `through`, as they were then. */
export async function readAlerts(
  pool: pg.Pool,
  sellerId: number,
  after: number,
  through: number,
): Promise<LiveAlert[]> {
  const { rows } = await pool.query<LiveAlert>(
    `select alert_id as "alertId", kind, severity, body, opened_at as "openedAt",
       case when resolved_seq <= $3 then resolved_at end as "resolvedAt"
     from alert
     where seller_id = $1 and (opened_seq > $2 and opened_seq <= $3 or resolved_seq > $2 and resolved_seq <= $3)
     order by opened_seq, alert_id`,
    [sellerId, after, through],
  );
  return rows;
}

/** Observations after a cursor, in order and without gaps. */
export async function readObservations(
  pool: pg.Pool,
  sellerId: number,
  after: number,
  limit: number,
): Promise<LiveObservation[]> {
  const { rows } = await pool.query<LiveObservation>(
    `select cursor, connection, external_id as "externalId", kind, recorded_at as "recordedAt", body
     from observation where seller_id = $1 and cursor > $2 order by cursor limit $3`,
    [sellerId, after, limit],
  );
  return rows;
}
