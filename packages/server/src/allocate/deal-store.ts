import type { Instant, Units } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { ScarcePool } from "./deal-pools.ts";
import { availableOf } from "./listing-pools.ts";
import { livePaceOf } from "./sold-units.ts";

/** Entries looked through at a time; further behind than this only what moved last is looked at. */
const STRIDE = 5_000;

const PACE = livePaceOf("s", "$4");

/**
 * More than `demandQuantile` of any demand of that mean whose orders are of `size` units at the most: four standard deviations
 * and three orders more than the mean, and no more than leaves the mean its risk (Markov). $5 is the latency, $6 the risk.
 */
const MOST_DEMAND = "1 + least(mean / $6, 3 * size + mean + 4 * sqrt(mean * size))";

/**
 * SKUs that moved since an entry, or were mapped anew, that more than one listing sells and of which so little is left that
 * they may be scarce. Everything else is left out here, at the price of a few look-ups: of most pools there is plenty.
 */
export async function movedSkus(
  client: pg.ClientBase,
  sellerId: number,
  ask: { readonly from: number; readonly now: Instant; readonly latencyMs: number; readonly risk: number },
): Promise<{ readonly skus: readonly string[]; readonly through: number }> {
  const { from, now, latencyMs, risk } = ask;
  const heads = await client.query<{ seq: number }>({
    name: "allocate_head",
    text: "select seq from head where seller_id = $1",
    values: [sellerId],
  });
  const through = heads.rows[0]?.seq ?? from;
  if (through <= from) return { skus: [], through: from };
  const { rows } = await client.query<{ sku: string }>({
    name: "allocate_moved",
    text: `with moved as (
        select distinct a.sku from movement m
        cross join lateral (
          select sku from account where seller_id = $1 and account_id = m.account_id
            and bucket in ('sellable', 'reserved', 'committed') offset 0
        ) a
        where m.seller_id = $1 and m.seq > $2 and m.seq <= $3
        union
        select c.sku from entry e
        cross join lateral (
          select components from listing where seller_id = $1 and connection = e.body ->> 'connection'
            and external_id = e.body ->> 'externalId' offset 0
        ) l
        cross join json_to_recordset(l.components) as c (sku text)
        where e.seller_id = $1 and e.seq > $2 and e.seq <= $3 and e.kind = 'listing'
      ), shared as (
        select m.sku, sum(p.rate * c.units) * $5 as mean, 2 * max(c.units * p.square_rate / nullif(p.rate, 0)) as largest
        from moved m
        cross join lateral (
          select connection, external_id, units from listing_component where seller_id = $1 and sku = m.sku offset 0
        ) c
        cross join lateral (
          select sold_recent, sold_steady, squares_recent, squares_steady, sold_at from listing_state
          where seller_id = $1 and connection = c.connection and external_id = c.external_id offset 0
        ) s
        cross join lateral (select ${PACE.rate} as rate, ${PACE.squareRate} as square_rate offset 0) p
        group by m.sku having count(*) >= 2
      )
      select sku from shared cross join lateral (select greatest(1, largest, mean / 100) as size) o
      where ${availableOf("shared.sku")} <= ${MOST_DEMAND}`,
    values: [
      sellerId,
      Math.max(from, through - STRIDE),
      through,
      new Date(now),
      latencyMs,
      Math.max(risk, 1e-12),
    ],
  });
  return { skus: rows.map(({ sku }) => sku), through };
}

/** The pools of a seller as the last deal left them. */
export interface DealtPools {
  /** SKUs that are dealt out in quotas. */
  readonly active: ReadonlySet<string>;
  /** By SKU, what is withheld from reservations. */
  readonly withheld: ReadonlyMap<string, Units>;
}

/** A pool that is no longer dealt out may still be withheld: whoever dealt may have been stopped between the two. */
export async function readDealt(client: pg.ClientBase, sellerId: number): Promise<DealtPools> {
  const { rows } = await client.query<{ sku: string; isActive: boolean; withheld: Units | null }>({
    name: "allocate_dealt",
    text: `select sku, g.since is not null as "isActive", w.units as withheld
      from (select sku, since from end_game where seller_id = $1) g
      full join (select sku, units from withheld where seller_id = $1) w using (sku)`,
    values: [sellerId],
  });
  return {
    active: new Set(rows.flatMap(({ sku, isActive }) => (isActive ? [sku] : []))),
    withheld: new Map(rows.map(({ sku, withheld }) => [sku, withheld ?? 0] as const)),
  };
}

/** Sellers with pools that are dealt out in quotas or withheld, of those asked about. */
export async function sellersInEndGame(pool: pg.Pool, sellerIds: readonly number[]): Promise<number[]> {
  const { rows } = await pool.query<{ seller_id: number }>({
    name: "allocate_sellers",
    text: `select seller_id from end_game where seller_id = any($1::int8[])
      union select seller_id from withheld where seller_id = any($1::int8[])`,
    values: [sellerIds],
  });
  return rows.map((row) => row.seller_id);
}

/** Keeps exactly these pools as the ones in the end game. */
export async function saveScarce(
  client: pg.ClientBase,
  sellerId: number,
  pools: readonly ScarcePool[],
  at: { readonly seq: number; readonly now: Instant },
): Promise<void> {
  await client.query({
    name: "allocate_end",
    text: "delete from end_game where seller_id = $1 and sku <> all($2::text[])",
    values: [sellerId, pools.map(({ sku }) => sku)],
  });
  if (pools.length === 0) return;
  await client.query({
    name: "allocate_save",
    text: `insert into end_game as g (seller_id, sku, since, seq, available, exposure, threshold, latency_ms, expected_oversold)
      select $1, p.sku, $2, $3, p.available, p.exposure, p.threshold, p.latency_ms, p.expected_oversold
      from unnest($4::text[], $5::int8[], $6::int8[], $7::int8[], $8::int8[], $9::float8[])
        as p (sku, available, exposure, threshold, latency_ms, expected_oversold)
      on conflict (seller_id, sku) do update set seq = excluded.seq, available = excluded.available,
        exposure = excluded.exposure, threshold = excluded.threshold, latency_ms = excluded.latency_ms,
        expected_oversold = excluded.expected_oversold
      where (g.available, g.exposure, g.threshold, g.latency_ms) is distinct from
        (excluded.available, excluded.exposure, excluded.threshold, excluded.latency_ms)`,
    values: [
      sellerId,
      new Date(at.now),
      at.seq,
      pools.map(({ sku }) => sku),
      pools.map(({ available }) => available),
      pools.map(({ exposure }) => exposure),
      pools.map(({ threshold }) => threshold),
      pools.map(({ latencyMs }) => Math.round(latencyMs)),
      pools.map((pool) => pool.expectedOversold),
    ],
  });
}

/** A listing whose quota is another one now; null: none any more. */
export interface QuotaChange {
  readonly connection: string;
  readonly externalId: string;
  readonly quota: Units | null;
  /** Null: it could be written without the deal's lock until now. */
  readonly was: Units | null;
}

/** Writes quotas and makes their listings due: a write decided without them is no longer claimed. */
export async function writeQuotas(
  client: pg.ClientBase,
  sellerId: number,
  changes: readonly QuotaChange[],
  now: Instant,
): Promise<void> {
  if (changes.length === 0) return;
  await client.query({
    name: "allocate_quotas",
    text: `with dealt as (
        select s.seller_id, s.connection, s.external_id, q.quota
        from (
          select $1::int8 as seller_id, q.* from unnest($2::text[], $3::text[], $4::int8[]) as q (connection, external_id, quota) offset 0
        ) q
        join listing_state s on s.seller_id = q.seller_id and s.connection = q.connection and s.external_id = q.external_id
        order by s.connection, s.external_id for update of s
      )
      update listing_state s set quota = q.quota, version = s.version + 1, wants = null, urgency = null,
        next_attempt_at = least(s.next_attempt_at, $5)
      from dealt q where s.seller_id = q.seller_id and s.connection = q.connection and s.external_id = q.external_id`,
    values: [
      sellerId,
      changes.map(({ connection }) => connection),
      changes.map(({ externalId }) => externalId),
      changes.map(({ quota }) => quota),
      new Date(now),
    ],
  });
}
