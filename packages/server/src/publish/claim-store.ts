import type { Instant, Units } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

/** The listings of one connection. */
export interface ListingsKey {
  readonly sellerId: number;
  readonly connection: string;
}

/** Until when we hold a listing; the instant also says that it is ours. */
export interface Claim {
  readonly externalId: string;
  /** The version it was decided on, and has while nothing new is known. */
  readonly version: number;
  readonly claimedUntil: Instant;
}

/**
 * Claims listings for reading: those that nobody claimed or touched since they were decided on. The whole key comes out of what the
 * planner cannot look into: of `seller_id = $1 and connection = $2` it expects one row while statistics are young, and goes through
 * a whole connection per listing (50 of 20,000 took 200 ms and take 2). So do all statements here that find listings by a list.
 */
export async function claimForReading(
  pool: pg.Pool,
  key: ListingsKey,
  ask: {
    readonly listings: readonly { readonly externalId: string; readonly version: number }[];
    readonly now: Instant;
    readonly claimedUntil: Instant;
  },
): Promise<Claim[]> {
  const { rows } = await pool.query<{ external_id: string; version: number }>({
    name: "publish_claim_for_reading",
    text: `with free as (
        select s.seller_id, s.connection, s.external_id
        from (
          select $1::int8 as seller_id, $2::text as connection, d.* from unnest($3::text[], $4::int8[]) as d (external_id, version) offset 0
        ) d
        join listing_state s on s.seller_id = d.seller_id and s.connection = d.connection and s.external_id = d.external_id
          and s.version = d.version
        where (s.claimed_until is null or s.claimed_until <= $5)
        order by s.external_id for update of s skip locked
      )
      update listing_state s set claimed_until = $6, version = s.version + 1, wants = null, urgency = null
      from free where s.seller_id = free.seller_id and s.connection = free.connection and s.external_id = free.external_id
      returning s.external_id, s.version`,
    values: [
      key.sellerId,
      key.connection,
      ask.listings.map(({ externalId }) => externalId),
      ask.listings.map(({ version }) => version),
      new Date(ask.now),
      new Date(ask.claimedUntil),
    ],
  });
  return rows.map(({ external_id: externalId, version }) => ({
    externalId,
    version,
    claimedUntil: ask.claimedUntil,
  }));
}

/**
 * Claims one listing for a write and says before it is sent what is being sent, so that a crash leaves a doubt and no false
 * certainty. Null when somebody else was quicker, or has sent what was computed from a newer state.
 */
export async function claimForPush(
  pool: Pick<pg.ClientBase, "query">,
  key: ListingsKey,
  push: {
    readonly externalId: string;
    readonly version: number;
    readonly quantity: Units;
    readonly seq: number;
    readonly now: Instant;
    readonly claimedUntil: Instant;
    /** How far own sales could get from here on. */
    readonly reach: Units;
    /** How long an earlier write that is overtaken may still take effect, in milliseconds. */
    readonly appliesWithinMs: number;
    /** A change stops it, not sales: the brake counts it. */
    readonly isCountedStop?: boolean;
  },
): Promise<Claim | null> {
  const { rows } = await pool.query<{ version: number }>({
    name: "publish_claim_for_push",
    text: `update listing_state set claimed_until = $7, version = version + 1, pushed = $5, pushed_seq = $6, pushed_at = $8,
        dirty_since = null, wants = null, urgency = null, channel_version = null, reach = $9,
        overtaken_until = case when pushed is null then overtaken_until
          else greatest(overtaken_until, pushed_at + $10 * interval '1 millisecond') end,
        stopped_at = case when $11 then $8 else stopped_at end
      where seller_id = $1 and connection = $2 and external_id = $3 and version = $4
        and (claimed_until is null or claimed_until <= $8) and (pushed_seq is null or pushed_seq <= $6)
      returning version`,
    values: [
      key.sellerId,
      key.connection,
      push.externalId,
      push.version,
      push.quantity,
      push.seq,
      new Date(push.claimedUntil),
      new Date(push.now),
      push.reach,
      push.appliesWithinMs,
      push.isCountedStop === true,
    ],
  });
  const [row] = rows;
  if (row === undefined) return null;
  return { externalId: push.externalId, version: row.version, claimedUntil: push.claimedUntil };
}
