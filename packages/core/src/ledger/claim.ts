// From what is true of an order line to what it should hold, and from that to what each account should have been posted.
import { NO_LOCATION, type Bucket } from "./bucket.ts";
import { claimByParts, overlap } from "./claim-parts.ts";
import type { MergedFacts } from "./merged-facts.ts";
import { STATUS_RANK, type Claim, type ClaimLine } from "./order-record.ts";
import type { Component } from "./records.ts";
import type { Units } from "./units.ts";

/** Where units lie and leave from unless somebody says otherwise; exists from the start. */
export const DEFAULT_LOCATION = "main";

export const EMPTY_CLAIM: Claim = { reserved: 0, committed: 0, shipped: {}, returning: 0 };

/**
 * The claim a line should hold (DESIGN §3), in listing units. What is cancelled after it left, is on its way back. What
 * came back had left, whether anyone said so or not. History before the cut-over moves nothing. Lines that the channel
 * fulfils hold nothing. Units that nobody named a location for left from `shipsFrom`.
 */
export function claimOf(
  facts: MergedFacts,
  recipe: readonly Component[],
  received: ClaimLine["received"],
  shipsFrom: string,
): Claim {
  if (facts.fulfilledBy === "channel") return EMPTY_CLAIM;
  const { history, quantity, cancelled } = facts;
  const rest = facts.location ?? shipsFrom;
  const shipped = Math.max(facts.shipped, facts.returning, receivedInListingUnits(recipe, received));
  if (facts.left !== undefined || history.left !== undefined)
    return claimByParts(facts, recipe, { said: shipped, rest });
  const open = Math.max(0, quantity - cancelled - shipped);
  const left = Math.max(0, shipped - history.shipped);
  const cancelledAfterLeaving =
    overlap(quantity, cancelled, shipped) - overlap(quantity, history.cancelled, history.shipped);
  return {
    reserved: facts.rank === STATUS_RANK.pending ? open : 0,
    committed: facts.rank === STATUS_RANK.pending ? 0 : open,
    shipped: left === 0 ? {} : { [rest]: left },
    returning: Math.max(facts.returning, cancelledAfterLeaving),
  };
}

function receivedInListingUnits(recipe: readonly Component[], received: ClaimLine["received"]): Units {
  return Math.max(0, ...recipe.map(({ sku, units }) => Math.ceil(unitsOf(received, sku) / units)));
}

/** Units of a SKU in a record by SKU. A SKU may be called like a member that every object has. */
export function unitsOf(bySku: Readonly<Record<string, Units>>, sku: string): Units {
  return Object.hasOwn(bySku, sku) ? (bySku[sku] ?? 0) : 0;
}

/** What is on its way back no more, per SKU: it came, or was given up. */
export function settledOf({ received, lost }: Pick<ClaimLine, "received" | "lost">): ClaimLine["received"] {
  if (lost === undefined) return received;
  const skus = [...new Set([...Object.keys(received), ...Object.keys(lost)])];
  return Object.fromEntries(skus.map((sku) => [sku, unitsOf(received, sku) + unitsOf(lost, sku)]));
}

/** True when units of the line stand as having left. */
export function hasLeft({ shipped, parts }: Claim): boolean {
  for (const _ in shipped) return true;
  return parts?.some((part) => Object.keys(part.shipped).length > 0) ?? false;
}

/** Units of one account that stand in the ledger for a line. */
export interface Posting {
  readonly sku: string;
  readonly location: string;
  readonly bucket: Bucket;
  readonly units: Units;
}

/**
 * What a claim amounts to in each account, per component, where `settled` came back or was given up. Units that left are negative
 * sellable. Nothing is 0.
 */
export function postingsOf(
  recipe: readonly Component[],
  claim: Claim,
  settled: ClaimLine["received"],
): Posting[] {
  const postings: Posting[] = [];
  for (const component of recipe) {
    const { sku } = component;
    const part = claim.parts?.find((other) => other.sku === sku);
    const holds = part ?? claim;
    const units = part === undefined ? component.units : 1;
    const pool = (bucket: Bucket, held: Units): void => {
      if (held > 0) postings.push({ sku, location: NO_LOCATION, bucket, units: held });
    };
    pool("reserved", holds.reserved * units);
    pool("committed", holds.committed * units);
    for (const [location, shipped] of Object.entries(holds.shipped)) {
      if (shipped > 0) postings.push({ sku, location, bucket: "sellable", units: -shipped * units });
    }
    pool("returning", holds.returning * units - unitsOf(settled, sku));
  }
  return postings;
}
