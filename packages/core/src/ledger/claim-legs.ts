import { NO_LOCATION, isPhysical, type Bucket, type Counterpart } from "./bucket.ts";
import { postingsOf, type Posting } from "./claim.ts";
import type { Leg } from "./entry.ts";
import type { Claim, ClaimLine } from "./order-record.ts";
import { physicalLegs } from "./physical-legs.ts";
import type { Component } from "./records.ts";
import type { Instant, Units } from "./units.ts";
import type { LedgerView } from "./view.ts";

/** What a line's claim is measured by. */
export interface ClaimBasis {
  readonly recipe: readonly Component[];
  readonly claim: Claim;
  /** What is on its way back no more. */
  readonly settled: ClaimLine["received"];
}

export interface LineChange {
  readonly lineId: string;
  /** Null where nothing was posted yet. */
  readonly before: ClaimBasis | null;
  readonly after: ClaimBasis;
  readonly occurredAt: Instant;
}

/**
 * The legs that bring a line from what was posted for it to what it should hold now: the difference, account by account,
 * never to what lies in a bucket.
 */
export function claimLegs(view: LedgerView, line: LineChange): Leg[] {
  const { lineId, before, after, occurredAt } = line;
  const changes = difference(before === null ? [] : postings(before), postings(after));
  const legs: Leg[] = [];
  for (const change of changes) {
    const counterpart = counterpartOf(change, changes);
    const { sku, location, bucket, units } = change;
    if (isPhysical(bucket))
      legs.push(...physicalLegs(view, { sku, location, bucket, units, counterpart, occurredAt, lineId }));
    else legs.push({ sku, location: NO_LOCATION, bucket, units, counterpart, lineId });
  }
  return legs;
}

function postings(basis: ClaimBasis): Posting[] {
  return postingsOf(basis.recipe, basis.claim, basis.settled);
}

/** after − before per account, takes before gives, so that no bucket passes below zero on the way. */
function difference(before: readonly Posting[], after: readonly Posting[]): readonly Posting[] {
  if (before.length === 0) return takesFirst(after);
  const changes = new Map<string, Posting>();
  const add = (posting: Posting, sign: 1 | -1): void => {
    const key = `${posting.sku}\u001f${posting.location}\u001f${posting.bucket}`;
    const units: Units = (changes.get(key)?.units ?? 0) + sign * posting.units;
    changes.set(key, { ...posting, units });
  };
  for (const posting of after) add(posting, 1);
  for (const posting of before) add(posting, -1);
  return takesFirst([...changes.values()].filter(({ units }) => units !== 0));
}

function takesFirst(postings: readonly Posting[]): readonly Posting[] {
  return postings.length < 2 ? postings : postings.toSorted((left, right) => left.units - right.units);
}

/** Where the units of one account come from or go to, read from what moves the other way. */
function counterpartOf(change: Posting, changes: readonly Posting[]): Counterpart {
  const opposite = (bucket: Bucket): boolean =>
    changes.some(
      (other) =>
        other.sku === change.sku &&
        other.bucket === bucket &&
        Math.sign(other.units) === -Math.sign(change.units),
    );
  switch (change.bucket) {
    case "reserved":
      return opposite("committed") ? "committed" : "available";
    case "committed":
      return opposite("reserved") ? "reserved" : "available";
    default:
      return "customer";
  }
}
