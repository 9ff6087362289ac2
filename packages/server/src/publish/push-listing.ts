import type { ConnectorError } from "@onepool/connectors/contract/connector-error.ts";
import type { Units } from "@onepool/core/ledger/units.ts";
import type { Observation } from "@onepool/core/observe/observation.ts";
import { exposureAfterWrite, exposureOf } from "@onepool/core/publish/exposure.ts";
import { driftFix } from "@onepool/core/publish/judge-reading.ts";

import type { Claim } from "./claim-store.ts";
import { claimWrite } from "./claim-write.ts";
import { type LaneContext, LEASE_MS, type PlannedListing } from "./lane-context.ts";
import { failureOf } from "./listing-failure.ts";
import { type Release, releaseListings } from "./release-store.ts";

/** Writes are read back together, this long after their answer, in milliseconds. What they lowered is lowered by then. */
const READ_BACK_AFTER_MS = 150;

/** Writes one listing. What came of it is read back in a later round: a receipt proves nothing. */
export async function pushListing(lane: LaneContext, push: PlannedPush): Promise<void> {
  const { listing, quantity } = push;
  const { due, exposure } = listing;
  const { capability } = lane.open;
  const startedAt = lane.clock.now();
  const ifVersion = capability.compareAndSet && due.pushed === null ? due.channelVersion : null;
  const isCompared = ifVersion !== null;
  const claim = await claimWrite(lane, listing, {
    externalId: due.externalId,
    version: due.version,
    quantity,
    seq: due.seq,
    now: startedAt,
    claimedUntil: startedAt + LEASE_MS,
    reach: due.ownSold + exposureAfterWrite(exposure, { quantity, isCompared }),
    appliesWithinMs: capability.writeAppliesWithinMs,
    isCountedStop: push.isCountedStop,
    isCompared,
  });
  if (claim === null) return;
  const outcome = await lane.connector.pushQuantity({
    externalId: due.externalId,
    quantity,
    ...(ifVersion === null ? {} : { ifVersion }),
  });
  const now = lane.clock.now();
  lane.metrics.call(capability.kind, "push", outcome.ok ? "accepted" : outcome.error.kind);
  if (outcome.ok) lane.onSuccess("writes");
  else lane.onFailure(outcome.error, "writes");
  const release = outcome.ok
    ? acceptedRelease(lane, { listing, claim, quantity, now })
    : failedRelease(lane, listing, { claim, quantity, now, error: outcome.error });
  await lane.observations.record(lane.sellerId, async (client) => {
    await releaseListings(client, lane, [release.release], now);
    return release.observations;
  });
  if (due.quota !== null) lane.onScarceMoved();
}

/** A write that found its turn. */
export interface PlannedPush {
  readonly listing: PlannedListing;
  readonly quantity: Units;
  /** A change stops the listing, not sales. */
  readonly isCountedStop: boolean;
}

interface Released {
  readonly release: Release;
  readonly observations: readonly Observation[];
}

function acceptedRelease(
  lane: LaneContext,
  push: {
    readonly listing: PlannedListing;
    readonly claim: Claim;
    readonly quantity: Units;
    readonly now: number;
  },
): Released {
  const { listing, claim, quantity, now } = push;
  const { externalId, dirtySince, observed, seq, problem } = listing.due;
  const between = { sellerId: lane.sellerId, code: lane.connection, kind: lane.open.capability.kind };
  if (dirtySince !== null) lane.latency.took(between, "committed_to_pushed", now - dirtySince);
  lane.wakeIn(READ_BACK_AFTER_MS);
  lane.pushTimes.set(externalId, { dirtySince, answeredAt: now, quantity });
  const edits = unexplained(lane, listing);
  const pushed: Observation = {
    connection: lane.connection,
    externalId,
    kind: "pushed",
    body: { quantity, was: observed, seq },
  };
  return {
    release: {
      claim,
      nextAt: now + READ_BACK_AFTER_MS,
      problem: problem?.code === "unseen_sale" ? problem : null,
      isFailure: false,
      pushed: "kept",
      isMended: edits.length > 0,
    },
    observations: [...edits, pushed],
  };
}

/** Orders are known by now up to the reading that showed too little, and none explains it: nobody bought what is missing. */
function unexplained(lane: LaneContext, { due, view }: PlannedListing): Observation[] {
  const { externalId, observed, problem } = due;
  if (problem?.code !== "unseen_sale" || observed === null || observed >= view.desired) return [];
  lane.metrics.drift(lane.open.capability.kind, "edited");
  const { desired } = view;
  const fix = driftFix("edited", { observed, desired });
  const body = { verdict: "edited" as const, expected: null, observed, desired, fix };
  return [{ connection: lane.connection, externalId, kind: "drift", body }];
}

function failedRelease(
  lane: LaneContext,
  { due, exposure }: PlannedListing,
  failed: {
    readonly claim: Claim;
    readonly quantity: Units;
    readonly now: number;
    readonly error: ConnectorError;
  },
): Released {
  const { claim, quantity, now, error } = failed;
  const { problem, isRefused, nextAt, isNews } = failureOf(due, error, { quantity, now });
  const isUnknown = error.mayHaveApplied === true;
  const release: Release = {
    claim,
    nextAt,
    problem,
    isFailure: true,
    pushed: isUnknown ? "kept" : "gone",
    ...(isUnknown ? {} : { reach: due.ownSold + (exposureOf(exposure) ?? 0) }),
    // An earlier write that was still out is no longer told apart from this one.
    isInDoubt: !isUnknown && (due.pushed !== null || error.kind === "conflict"),
    dirtySince: due.dirtySince,
  };
  const { connection } = lane;
  const { externalId } = due;
  const body = { doing: "push" as const, reason: error.code ?? error.kind, message: error.message, quantity };
  return {
    release,
    observations: isNews ? [{ connection, externalId, kind: isRefused ? "refused" : "failed", body }] : [],
  };
}
