import { listingPolicy } from "@onepool/core/allocate/listing-policy.ts";
import type { Observation } from "@onepool/core/observe/observation.ts";
import {
  brakeSince,
  type EmptiedPool,
  type PoolMove,
  stopCause,
  stopLimit,
  stopsLeft,
} from "@onepool/core/publish/brake.ts";
import type { HeldBack } from "@onepool/core/publish/listing-view.ts";
import { held } from "@onepool/core/publish/plan-push.ts";

import { openBrakeAlert, readBrake, recentMoves } from "./brake-store.ts";
import type { DueListing } from "./due-store.ts";
import type { LaneContext } from "./lane-context.ts";
import { type Rest, restListings } from "./listing-state-store.ts";
import type { LaneJob } from "./plan-round.ts";

type Stop = LaneJob & { readonly call: "push" };

/** Jobs as the brake lets them pass; stops that go out although a change made them are counted. */
export type BrakedJob = LaneJob & { readonly isCountedStop?: boolean };

/** Stops whose cause is looked up in one round, the most urgent first: it takes a walk through what moved their pools. */
const LOOKED_AT = 100;

interface BrakedJobs {
  readonly jobs: readonly BrakedJob[];
  /** Stops that are held. */
  readonly held: number;
  /** There are more stops to look at: they stay due. */
  readonly isUnfinished: boolean;
}

/**
 * Lets pass what sales have emptied, and of what a change stops only as many as the connection's limit allows within an hour.
 * The rest is held, the seller is alarmed, and nothing of the kind goes out before they have released the brake.
 */
export async function holdStops(
  lane: LaneContext,
  jobs: readonly LaneJob[],
  now: number,
): Promise<BrakedJobs> {
  const all = jobs.filter(isStop);
  const stops = all.slice(0, LOOKED_AT);
  const later = new Set<LaneJob>(all.slice(LOOKED_AT));
  const isUnfinished = later.size > 0;
  const passed = jobs.filter((job) => !later.has(job));
  const { limit: own, releasedAt } = brakeSettings(lane.open.row.settings);
  const counted = await stoppedByChange(lane, stops, releasedAt ?? 0);
  if (counted.size === 0) return { jobs: passed, held: 0, isUnfinished };
  const brake = await readBrake(lane.pool, lane, { since: brakeSince(now, releasedAt), releasedAt });
  const left = stopsLeft({ ...brake, limit: stopLimit(brake.listings, own) });
  const holding = [...counted].slice(left);
  await hold(lane, holding, now);
  const isHolding = new Set<LaneJob>(holding);
  const going = passed.filter((job) => !isHolding.has(job)).map((job) => countedJob(job, counted));
  return { jobs: going, held: holding.length, isUnfinished };
}

/** A listing that is for sale and would not be any more. One that shows nothing already is no loss. */
function isStop(job: LaneJob): job is Stop {
  return job.call === "push" && job.direction === "stop" && (job.listing.due.observed ?? 0) > 0;
}

function countedJob(job: LaneJob, counted: ReadonlySet<LaneJob>): BrakedJob {
  return counted.has(job) ? { ...job, isCountedStop: true } : job;
}

async function stoppedByChange(
  lane: LaneContext,
  stops: readonly Stop[],
  releasedAt: number,
): Promise<ReadonlySet<Stop>> {
  // The end game stops a listing so that another one can sell: nothing is taken off the shop. What was held when the seller
  // released the brake is what they released.
  const asked = stops.filter(
    ({ listing: { due } }) => due.quota === null && !(isHeld(due) && due.problem.at <= releasedAt),
  );
  const skus = [...new Set(asked.flatMap(({ listing }) => listing.due.components.map(({ sku }) => sku)))];
  const moves = skus.length === 0 ? new Map() : await recentMoves(lane.pool, lane.sellerId, skus);
  return new Set(
    asked.filter(({ listing: { due } }) => stopCause(emptiedPools(due, moves), due.updatedSeq) === "changed"),
  );
}

function emptiedPools(
  { components, settings }: DueListing,
  moves: ReadonlyMap<string, readonly PoolMove[]>,
): EmptiedPool[] {
  const { buffer, floor } = listingPolicy(settings);
  return components.map(({ sku, available, unitsPerSale }) => ({
    available,
    needed: buffer + floor + unitsPerSale,
    moves: moves.get(sku) ?? [],
  }));
}

async function hold(lane: LaneContext, stops: readonly Stop[], now: number): Promise<void> {
  if (stops.length === 0) return;
  const rests = stops.map(({ listing: { due, view } }): Rest => {
    const { externalId, version } = due;
    return { externalId, version, nextAt: null, isSettled: false, problem: held(view, "braked", now) };
  });
  await restListings(lane.pool, lane, rests);
  const news = stops.filter(({ listing: { due } }) => !isHeld(due));
  if (news.length === 0) return;
  const { connection } = lane;
  const message = `${news.length} listings of ${connection} would stop at once without having been sold out: held until the brake is released.`;
  await lane.observations.record(lane.sellerId, async (client) => {
    await openBrakeAlert(client, lane, { units: news.length, message, now });
    return news.map(({ listing: { due } }): Observation => {
      const body = { observed: due.observed ?? 0, seq: due.seq, why: "braked" as const };
      return { connection, externalId: due.externalId, kind: "held", body };
    });
  });
}

function isHeld(due: DueListing): due is DueListing & { readonly problem: HeldBack } {
  return due.problem?.code === "held" && due.problem.why === "braked";
}

interface BrakeSettings {
  readonly limit: number | null;
  readonly releasedAt: number | null;
}

/** What the seller set on the connection. */
function brakeSettings(settings: unknown): BrakeSettings {
  const given = (typeof settings === "object" && settings !== null ? settings : {}) as Record<
    string,
    unknown
  >;
  const limit = given["stopsPerHour"];
  const released = given["brakeReleasedAt"];
  const releasedAt = typeof released === "string" ? Date.parse(released) : released;
  return {
    limit: typeof limit === "number" && limit >= 0 ? limit : null,
    releasedAt: typeof releasedAt === "number" && Number.isFinite(releasedAt) ? releasedAt : null,
  };
}
