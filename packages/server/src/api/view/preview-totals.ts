import type { Units } from "@onepool/core/ledger/units.ts";
import { stopLimit } from "@onepool/core/publish/brake.ts";

import { type ComparedListing, readCompared } from "../../observe/preview-store.ts";
import type { ApiDeps } from "../api-deps.ts";
import { type ListingEffect, listingChange } from "./listing-change.ts";

/** What going live would do to all listings of a connection. */
export interface PreviewTotals {
  readonly listings: number;
  readonly effects: Readonly<Record<ListingEffect, number>>;
  /** Units shown more and fewer in all. */
  readonly unitsMore: Units;
  readonly unitsFewer: Units;
  /** Why listings cannot be written, the most frequent first. */
  readonly refusals: readonly { readonly reason: string; readonly listings: number }[];
  /** Listings that may stop within an hour without having been sold out, before the brake holds the rest. */
  readonly stopsPerHour: number;
  /** The newest change of any listing. */
  readonly updatedSeq: number;
  /** The ledger's last entry when it was begun. */
  readonly seq: number;
}

/** Listings read at a time: a hundred thousand at once would hold the connection and the memory for seconds. */
const STRIDE = 2_000;

/** Reasons told apart; a channel words them per listing at times. */
const REASONS = 20;

export interface PreviewKey {
  readonly sellerId: number;
  readonly connection: string;
  readonly kind: string;
  /** The brake's limit where the seller set one. */
  readonly stopsPerHour: number | null;
}

/** Looks through all listings. Those read later may stand after a later entry: `seq` is of the first. */
export async function previewTotals(deps: ApiDeps, key: PreviewKey): Promise<PreviewTotals> {
  const capability = deps.kinds.get(key.kind)?.capability ?? null;
  const openedAfter = deps.clock.now() - (capability?.ownOrderSettlesMs ?? 0);
  const counted = new Counted();
  let after: string | null = "";
  while (after !== null) {
    const read: readonly ComparedListing[] = await readCompared(deps.reader, key, {
      after,
      limit: STRIDE,
      openedAfter,
    });
    for (const listing of read) counted.add(listing, listingChange(listing, capability));
    after = read.length === STRIDE ? (read.at(-1)?.externalId ?? null) : null;
  }
  return counted.totals(key.stopsPerHour);
}

class Counted {
  private readonly effects: Record<ListingEffect, number> = {
    same: 0,
    rises: 0,
    falls: 0,
    to_zero: 0,
    unread: 0,
    refused: 0,
  };
  private readonly reasons = new Map<string, number>();
  private listings = 0;
  private unitsMore = 0;
  private unitsFewer = 0;
  private updatedSeq = 0;
  private seq = 0;

  add(listing: ComparedListing, { effect, change, reason }: ReturnType<typeof listingChange>): void {
    if (this.listings === 0) this.seq = listing.seq;
    this.listings += 1;
    this.effects[effect] += 1;
    this.updatedSeq = Math.max(this.updatedSeq, listing.updatedSeq);
    if (effect === "refused") this.count((reason ?? "").replaceAll(listing.externalId, "…"));
    else if (change !== null && change > 0) this.unitsMore += change;
    else this.unitsFewer -= change ?? 0;
  }

  /** Without the listing's own id, which many channels repeat, the same reason is one. */
  private count(reason: string): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
  }

  totals(ownLimit: number | null): PreviewTotals {
    const { listings, effects, unitsMore, unitsFewer, updatedSeq, seq } = this;
    const refusals = [...this.reasons]
      .map(([reason, count]) => ({ reason, listings: count }))
      .toSorted((left, right) => right.listings - left.listings)
      .slice(0, REASONS);
    const stopsPerHour = stopLimit(listings, ownLimit);
    return { listings, effects, unitsMore, unitsFewer, refusals, stopsPerHour, updatedSeq, seq };
  }
}
