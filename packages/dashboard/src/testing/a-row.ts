// Makers for tests: whole things with defaults, so that a test names only what it is about.
import type { ChainEntry, ChainLeg, ListingView, SkuRow } from "../api/contract.ts";
import type { PoolRow } from "../features/ledger/api/pool.ts";

export function aListing(differences: Partial<ListingView> = {}): ListingView {
  return {
    connection: "meli-mx",
    externalId: "MLM1",
    mode: "live",
    desired: 7,
    observed: 7,
    exposure: 7,
    quota: null,
    expectedOversold: null,
    state: "shown",
    problem: null,
    confirmedAt: "2026-11-23T14:00:00Z",
    pushed: null,
    ...differences,
  };
}

export function aSku(sku: string, differences: Partial<SkuRow> = {}): SkuRow {
  return {
    sku,
    title: `Title of ${sku}`,
    onHand: 10,
    available: 7,
    reserved: 1,
    committed: 2,
    qualityControl: 0,
    damaged: 0,
    incoming: 0,
    returning: 0,
    listings: [],
    ...differences,
  };
}

/** A row of the pool, read long after its listings came to be as they are. */
export function aPoolRow(sku: string, differences: Partial<SkuRow> = {}): PoolRow {
  const row = aSku(sku, differences);
  const listings = row.listings.map((listing) => ({ ...listing, readAt: 3_600_000, stateSince: 0 }));
  return { ...row, listings, seq: 1 };
}

export function aLeg(differences: Partial<ChainLeg> = {}): ChainLeg {
  return {
    bucket: "committed",
    location: null,
    units: 1,
    before: 0,
    after: 1,
    counterpart: "available",
    lineId: null,
    reason: null,
    ...differences,
  };
}

export function anEntry(differences: Partial<ChainEntry> = {}): ChainEntry {
  return {
    seq: 18,
    kind: "order",
    recordedAt: "2026-11-23T14:03:22.000Z",
    occurredAt: "2026-11-23T14:03:21.000Z",
    channel: "meli-mx",
    orderId: "2000001",
    status: "paid",
    source: "channel",
    reservationId: null,
    externalId: null,
    reason: null,
    available: { before: 8, after: 7 },
    onHand: { before: 10, after: 10 },
    legs: [],
    ...differences,
  };
}
