import type { Instant, Units } from "@onepool/core/ledger/units.ts";
import type { PushProblem } from "@onepool/core/publish/listing-view.ts";
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

/** Claims listings for reading: those that nobody claimed or touched since they were decided on. */
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
        select s.external_id from listing_state s
        join unnest($3::text[], $4::int8[]) as d (external_id, version)
          on d.external_id = s.external_id and d.version = s.version
        where s.seller_id = $1 and s.connection = $2 and (s.claimed_until is null or s.claimed_until <= $5)
        order by s.external_id for update of s skip locked
      )
      update listing_state s set claimed_until = $6, version = s.version + 1
      from free where s.seller_id = $1 and s.connection = $2 and s.external_id = free.external_id
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
  pool: pg.Pool,
  key: ListingsKey,
  push: {
    readonly externalId: string;
    readonly version: number;
    readonly quantity: Units;
    readonly seq: number;
    readonly now: Instant;
    readonly claimedUntil: Instant;
  },
): Promise<Claim | null> {
  const { rows } = await pool.query<{ version: number }>({
    name: "publish_claim_for_push",
    text: `update listing_state set claimed_until = $7, version = version + 1, pushed = $5, pushed_seq = $6, pushed_at = $8,
        dirty_since = null
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
    ],
  });
  const [row] = rows;
  if (row === undefined) return null;
  return { externalId: push.externalId, version: row.version, claimedUntil: push.claimedUntil };
}

/** What a call came to, for one listing. */
export interface Release {
  readonly claim: Claim;
  /** When to look at it again; null: when something changes. What was marked meanwhile is looked at now. */
  readonly nextAt: Instant | null;
  readonly problem: PushProblem | null;
  /** A failure of the call, counted in a row. */
  readonly isFailure: boolean;
  /** What was read, and just before it was asked for; absent for writes. */
  readonly reading?: { readonly quantity: Units; readonly at: Instant };
  /** What is left of the write that was out. */
  readonly pushed: "kept" | "gone";
  /** Since when the pool's change waits that this write was to bring and did not. */
  readonly dirtySince?: Instant | null;
  /** What it shows is in doubt: read it before anything else. */
  readonly isInDoubt?: boolean;
  /** A reading that shows what it should. */
  readonly confirmedAt?: Instant;
}

/** Gives listings back with what became of the call. Those whose lease ran out are somebody else's by now. */
export async function releaseListings(
  client: pg.PoolClient,
  key: ListingsKey,
  releases: readonly Release[],
  now: Instant,
): Promise<void> {
  await client.query({
    name: "publish_release",
    text: `with released as (
        select s.external_id, r.version, r.next_at, r.problem, r.is_failure, r.quantity, r.read_at, r.is_gone, r.confirmed_at, r.is_in_doubt,
          r.dirty_since
        from listing_state s
        join unnest($3::text[], $4::int8[], $5::timestamptz[], $6::timestamptz[], $7::json[], $8::bool[], $9::int8[],
          $10::timestamptz[], $11::bool[], $12::timestamptz[], $14::bool[],
          $15::timestamptz[])
          as r (external_id, version, claimed_until, next_at, problem, is_failure, quantity, read_at, is_gone, confirmed_at, is_in_doubt,
            dirty_since)
          on r.external_id = s.external_id and r.claimed_until = s.claimed_until
        where s.seller_id = $1 and s.connection = $2 order by s.external_id for update of s
      )
      update listing_state s set claimed_until = null,
        next_attempt_at = case when s.version = r.version then r.next_at else least(r.next_at, $13) end,
        error = r.problem,
        attempts = case when r.is_failure then s.attempts + 1 else 0 end,
        observed = coalesce(r.quantity, s.observed),
        observed_at = coalesce(r.read_at, s.observed_at),
        pushed = case when r.is_gone then null else s.pushed end,
        pushed_at = case when r.is_gone then null else s.pushed_at end,
        read_wanted_at = case when r.is_in_doubt then greatest(s.read_wanted_at, $13) else s.read_wanted_at end,
        confirmed_at = coalesce(r.confirmed_at, s.confirmed_at),
        dirty_since = case when r.confirmed_at is not null and s.version = r.version then null
          else least(s.dirty_since, r.dirty_since) end
      from released r where s.seller_id = $1 and s.connection = $2 and s.external_id = r.external_id`,
    values: [
      key.sellerId,
      key.connection,
      releases.map(({ claim }) => claim.externalId),
      releases.map(({ claim }) => claim.version),
      releases.map(({ claim }) => new Date(claim.claimedUntil)),
      releases.map(({ nextAt }) => dateOf(nextAt)),
      releases.map(({ problem }) => (problem === null ? null : JSON.stringify(problem))),
      releases.map(({ isFailure }) => isFailure),
      releases.map(({ reading }) => reading?.quantity ?? null),
      releases.map(({ reading }) => dateOf(reading?.at ?? null)),
      releases.map(({ pushed }) => pushed === "gone"),
      releases.map(({ confirmedAt }) => dateOf(confirmedAt ?? null)),
      new Date(now),
      releases.map(({ isInDoubt }) => isInDoubt === true),
      releases.map(({ dirtySince }) => dateOf(dirtySince ?? null)),
    ],
  });
}

function dateOf(instant: Instant | null): Date | null {
  return instant === null ? null : new Date(instant);
}
