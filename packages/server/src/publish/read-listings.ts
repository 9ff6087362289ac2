import type { ConnectorError } from "@onepool/connectors/contract/connector-error.ts";
import type { ListingReading } from "@onepool/connectors/contract/connector.ts";
import type { Observation } from "@onepool/core/observe/observation.ts";
import { exposureAfterReading } from "@onepool/core/publish/exposure.ts";
import { driftFix, judgeReading, type Judgement } from "@onepool/core/publish/judge-reading.ts";

import { type Claim, claimForReading } from "./claim-store.ts";
import { type LaneContext, LEASE_MS, type PlannedListing } from "./lane-context.ts";
import { failureOf } from "./listing-failure.ts";
import { lookAgainAt } from "./look-again.ts";
import { type Release, releaseListings } from "./release-store.ts";

/** Reads what listings show, in one call, and compares it with what was left there. */
export async function readListings(lane: LaneContext, listings: readonly PlannedListing[]): Promise<void> {
  const askedAt = lane.clock.now();
  const claims = await claimForReading(lane.pool, lane, {
    listings: listings.map(({ due }) => due),
    now: askedAt,
    claimedUntil: askedAt + LEASE_MS,
  });
  const claimed = claims.flatMap((claim) => {
    const listing = listings.find(({ due }) => due.externalId === claim.externalId);
    return listing === undefined ? [] : [{ claim, listing }];
  });
  if (claimed.length === 0) return;
  const outcomes = await lane.connector.readListings(claimed.map(({ claim }) => claim.externalId));
  const now = lane.clock.now();
  const released = claimed.map(({ claim, listing }, index): Released => {
    const outcome = outcomes[index];
    if (outcome === undefined) throw new Error("a connector answers for every listing it is asked for");
    lane.metrics.call(lane.open.capability.kind, "read", outcome.ok ? "read" : outcome.error.kind);
    return outcome.ok
      ? readRelease(lane, { claim, listing, reading: outcome.value, askedAt, now })
      : failedRelease(lane, { claim, listing, error: outcome.error, now });
  });
  noteCall(lane, outcomes);
  await lane.observations.record(lane.sellerId, async (client) => {
    await releaseListings(
      client,
      lane,
      released.map(({ release }) => release),
      now,
    );
    return released.flatMap(({ observations }) => observations);
  });
  if (claimed.some(({ listing }) => listing.due.quota !== null)) lane.onScarceMoved();
}

interface Released {
  readonly release: Release;
  readonly observations: readonly Observation[];
}

/** One call was made, whatever each listing got from it. */
function noteCall(
  lane: LaneContext,
  outcomes: Awaited<ReturnType<LaneContext["connector"]["readListings"]>>,
): void {
  const failed = outcomes.find(
    (outcome) => !outcome.ok && ["throttled", "auth", "transient"].includes(outcome.error.kind),
  );
  if (failed === undefined || failed.ok) lane.onSuccess("reads");
  else lane.onFailure(failed.error, "reads");
}

interface ReadListing {
  readonly claim: Claim;
  readonly listing: PlannedListing;
  readonly reading: ListingReading;
  readonly askedAt: number;
  readonly now: number;
}

function readRelease(lane: LaneContext, read: ReadListing): Released {
  const { claim, listing, reading, askedAt, now } = read;
  const { due, view, exposure } = listing;
  const judged = judgeReading(view, {
    quantity: reading.quantity,
    notWritable: reading.notWritable,
    at: askedAt,
    appliesWithinMs: lane.open.capability.writeAppliesWithinMs,
    seq: due.seq,
  });
  // What is not there yet is read again; until then the number before stays what we know.
  if (judged.readAgainAt !== null) {
    const release = {
      claim,
      nextAt: judged.readAgainAt,
      problem: judged.problem,
      isFailure: false,
      pushed: "kept" as const,
    };
    return { release, observations: [] };
  }
  if (judged.isConfirmed) noteTimes(lane, due.externalId, now);
  const isRight = reading.quantity === view.desired && judged.problem === null;
  return {
    release: {
      claim,
      nextAt: isRight ? lookAgainAt(due, askedAt) : now,
      problem: judged.problem,
      isFailure: false,
      reading: { quantity: reading.quantity, at: askedAt, until: now, version: reading.version ?? null },
      reach: due.ownSold + exposureAfterReading(exposure, reading.quantity),
      pushed: "gone",
      ...(isRight ? { confirmedAt: now } : {}),
    },
    observations: observationsOf(lane, read, judged),
  };
}

function observationsOf(
  lane: LaneContext,
  { listing, reading }: ReadListing,
  judged: Judgement,
): Observation[] {
  const { connection } = lane;
  const { externalId, observed, pushed, problem } = listing.due;
  const { quantity, status, notWritable } = reading;
  const of = { connection, externalId };
  const seen: Observation[] = [];
  if (judged.isConfirmed) seen.push({ ...of, kind: "confirmed", body: { quantity, status } });
  else if (quantity !== observed)
    seen.push({ ...of, kind: "read", body: { quantity, was: observed, status } });
  if (judged.verdict !== null) {
    lane.metrics.drift(lane.open.capability.kind, judged.verdict);
    const { verdict } = judged;
    const { desired } = listing.view;
    const fix = driftFix(verdict, { observed: quantity, desired });
    const body = { verdict, expected: pushed ?? observed, observed: quantity, desired, fix };
    seen.push({ ...of, kind: "drift", body });
  }
  if (notWritable !== null && problem?.message !== notWritable) {
    const body = { doing: "read" as const, reason: "not_writable", message: notWritable, quantity: null };
    seen.push({ ...of, kind: "refused", body });
  }
  return seen;
}

function noteTimes(lane: LaneContext, externalId: string, now: number): void {
  const times = lane.pushTimes.get(externalId);
  lane.pushTimes.delete(externalId);
  if (times === undefined) return;
  const between = { sellerId: lane.sellerId, code: lane.connection, kind: lane.open.capability.kind };
  lane.latency.took(between, "pushed_to_confirmed", now - times.answeredAt);
  if (times.dirtySince !== null) lane.latency.took(between, "committed_to_confirmed", now - times.dirtySince);
}

function failedRelease(
  lane: LaneContext,
  failed: {
    readonly claim: Claim;
    readonly listing: PlannedListing;
    readonly error: ConnectorError;
    readonly now: number;
  },
): Released {
  const { claim, error, now, listing } = failed;
  const { externalId } = listing.due;
  const { problem, isRefused, nextAt, isNews } = failureOf(listing.due, error, { quantity: null, now });
  const body = {
    doing: "read" as const,
    reason: error.code ?? error.kind,
    message: error.message,
    quantity: null,
  };
  const { connection } = lane;
  return {
    release: { claim, nextAt, problem, isFailure: true, pushed: isRefused ? "gone" : "kept" },
    observations: isNews ? [{ connection, externalId, kind: isRefused ? "refused" : "failed", body }] : [],
  };
}
