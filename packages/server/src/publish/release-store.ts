import type { Instant, Units } from "@onepool/core/ledger/units.ts";
import type { PushProblem } from "@onepool/core/publish/listing-view.ts";
import type pg from "pg";

import type { Claim, ListingsKey } from "./claim-store.ts";

/** What a call came to, for one listing. */
export interface Release {
  readonly claim: Claim;
  /** When to look at it again; null: when something changes. What was marked meanwhile is looked at now. */
  readonly nextAt: Instant | null;
  readonly problem: PushProblem | null;
  /** A failure of the call, counted in a row. */
  readonly isFailure: boolean;
  /** What was read, just before it was asked for and when it was there; absent for writes. */
  readonly reading?: {
    readonly quantity: Units;
    readonly at: Instant;
    readonly until: Instant;
    readonly version: string | null;
  };
  /** What is left of the write that was out. */
  readonly pushed: "kept" | "gone";
  /** How far own sales could get: after a reading, or as before a write that was refused. Absent: as it stands. */
  readonly reach?: Units | null;
  /** A number that somebody had lowered by hand was put right. */
  readonly isMended?: boolean;
  /** Since when the pool's change waits that this write was to bring and did not. */
  readonly dirtySince?: Instant | null;
  /** What it shows is in doubt: read it before anything else. */
  readonly isInDoubt?: boolean;
  /** A reading that shows what it should. */
  readonly confirmedAt?: Instant;
}

const RELEASE = `
  with released as (
    select r.* from (
      select $1::int8 as seller_id, $2::text as connection, r.* from json_to_recordset($3::json) as r (
      "externalId" text, version int8, "claimedUntil" timestamptz, "nextAt" timestamptz, problem json, "isFailure" bool,
      quantity int8, "readAt" timestamptz, "readUntil" timestamptz, "channelVersion" text, "isGone" bool, "hasReach" bool,
      reach int8, "isMended" bool, "dirtySince" timestamptz, "isInDoubt" bool, "confirmedAt" timestamptz)
      offset 0
    ) r
    join listing_state s on s.seller_id = r.seller_id and s.connection = r.connection and s.external_id = r."externalId"
      and s.claimed_until = r."claimedUntil"
    order by s.external_id for update of s
  )
  update listing_state s set claimed_until = null,
    next_attempt_at = case when s.version = r.version then r."nextAt" else least(r."nextAt", $4) end,
    error = r.problem,
    attempts = case when r."isFailure" then s.attempts + 1 else 0 end,
    observed = coalesce(r.quantity, s.observed),
    observed_at = coalesce(r."readAt", s.observed_at),
    observed_until = coalesce(r."readUntil", s.observed_until),
    channel_version = case when r."readAt" is null then s.channel_version else r."channelVersion" end,
    pushed = case when r."isGone" then null else s.pushed end,
    pushed_at = case when r."isGone" then null else s.pushed_at end,
    reach = case when r."hasReach" then r.reach else s.reach end,
    mended_at = case when r."isMended" then $4 else s.mended_at end,
    read_wanted_at = case when r."isInDoubt" then greatest(s.read_wanted_at, $4) else s.read_wanted_at end,
    confirmed_at = coalesce(r."confirmedAt", s.confirmed_at),
    dirty_since = case when r."confirmedAt" is not null and s.version = r.version then null
      else least(s.dirty_since, r."dirtySince") end
  from released r where s.seller_id = r.seller_id and s.connection = r.connection and s.external_id = r."externalId"`;

/** Gives listings back with what became of the call. Those whose lease ran out are somebody else's by now. */
export async function releaseListings(
  client: pg.PoolClient,
  key: ListingsKey,
  releases: readonly Release[],
  now: Instant,
): Promise<void> {
  await client.query({
    name: "publish_release",
    text: RELEASE,
    values: [key.sellerId, key.connection, JSON.stringify(releases.map(rowOf)), new Date(now)],
  });
}

function rowOf(release: Release) {
  const { claim, problem, isFailure, reading, pushed, reach } = release;
  return {
    externalId: claim.externalId,
    version: claim.version,
    claimedUntil: new Date(claim.claimedUntil),
    nextAt: dateOf(release.nextAt),
    problem,
    isFailure,
    quantity: reading?.quantity ?? null,
    readAt: dateOf(reading?.at),
    readUntil: dateOf(reading?.until),
    channelVersion: reading?.version ?? null,
    isGone: pushed === "gone",
    hasReach: reach !== undefined,
    reach: reach ?? null,
    isMended: release.isMended === true,
    dirtySince: dateOf(release.dirtySince),
    isInDoubt: release.isInDoubt === true,
    confirmedAt: dateOf(release.confirmedAt),
  };
}

function dateOf(instant: Instant | null | undefined): Date | null {
  return instant === null || instant === undefined ? null : new Date(instant);
}
