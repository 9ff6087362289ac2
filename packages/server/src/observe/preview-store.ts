import type { ComponentPool } from "@onepool/core/allocate/desired-quantity.ts";
import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";
import type { PushProblem } from "@onepool/core/publish/listing-view.ts";

import { componentPools, heldWhileBlind, isPending } from "../allocate/listing-pools.ts";
import type { Reader } from "../ledger/read/reader.ts";
import { milliseconds } from "../ledger/read/sql-fragments.ts";

/** A listing with what its number is reckoned from, and what it was last seen to show. */
export interface ComparedListing {
  readonly externalId: string;
  readonly settings: JsonObject;
  readonly components: readonly ComponentPool[];
  readonly openSales: Units;
  /** While its pools are in the end game. */
  readonly quota: Units | null;
  readonly heldBack: Units;
  /** The last reading; null before the first. */
  readonly observed: Units | null;
  readonly observedAt: Instant | null;
  readonly problem: PushProblem | null;
  readonly updatedSeq: number;
  /** The ledger's last entry in this snapshot. */
  readonly seq: number;
}

/**
 * By the same pieces as the publisher's own reading, so that what is compared is what would be pushed. `offset 0` has the state
 * looked up by its whole key: while statistics are young the planner would rather read all of a connection's for each listing.
 */
const READ_LISTINGS = `
  select l.external_id as "externalId", l.settings, ${componentPools("l")} as components,
    coalesce((
      select sum(o.units) from open_sale o
      where ${isPending("o")} and o.seller_id = $1 and o.connection = $2 and o.external_id = l.external_id and o.opened_at > $5
    ), 0)::int8 as "openSales",
    t.quota, ${heldWhileBlind("l")} as "heldBack", t.observed, ${milliseconds("t.observed_at")} as "observedAt", t.error as problem,
    l.updated_seq as "updatedSeq", h.seq
  from listing l
  join head h on h.seller_id = l.seller_id
  left join lateral (
    select s.quota, s.observed, s.observed_at, s.error from listing_state s
    where s.seller_id = $1 and s.connection = $2 and s.external_id = l.external_id offset 0
  ) t on true
  where l.seller_id = $1 and l.connection = $2 and l.external_id > $3
  order by l.external_id limit $4`;

/** The listings of a connection after one, by external id, of one snapshot. */
export function readCompared(
  reader: Reader,
  key: { readonly sellerId: number; readonly connection: string },
  page: {
    readonly after: string;
    readonly limit: number;
    /** Orders that the channel did not take off its own number within this long are not believed. */
    readonly openedAfter: Instant;
  },
): Promise<ComparedListing[]> {
  const values = [key.sellerId, key.connection, page.after, page.limit, new Date(page.openedAfter)];
  return reader.rows<ComparedListing>({ text: READ_LISTINGS, values });
}
