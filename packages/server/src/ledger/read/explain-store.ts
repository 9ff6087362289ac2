import type { Bucket, Counterpart } from "@onepool/core/ledger/bucket.ts";
import type { EntryKind } from "@onepool/core/ledger/entry.ts";
import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { LocationKind } from "@onepool/core/ledger/records.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";

import type { ListingNow } from "./listing-now.ts";
import type { Balance } from "./pool-numbers.ts";
import type { Reader } from "./reader.ts";
import { balancesAt, listingsOf, milliseconds, withheldOf } from "./sql-fragments.ts";
import type { Withheld } from "./withheld.ts";

/** One side of an entry in one account of the SKU. */
export interface ChainLeg {
  readonly bucket: Bucket;
  readonly location: string;
  /** Null where there is no location. */
  readonly locationKind: LocationKind | null;
  readonly units: Units;
  readonly before: Units;
  readonly after: Units;
  readonly counterpart: Counterpart;
  readonly lineId: string | null;
  readonly reason: string | null;
}

/** An entry that moved the SKU, with its legs of the SKU in their order. */
export interface ChainEntry {
  readonly seq: number;
  readonly kind: EntryKind;
  readonly recordedAt: Instant;
  readonly occurredAt: Instant;
  readonly channel: string | null;
  readonly orderId: string | null;
  readonly externalId: string | null;
  /** Who said it, for orders. */
  readonly source: string | null;
  /** The order's status as it was said. */
  readonly status: string | null;
  readonly reservationId: string | null;
  readonly reason: string | null;
  readonly legs: readonly ChainLeg[];
}

export interface ChainPage {
  /** Null: there is no such SKU. Its listings and what is withheld as they are now, on the newest page only. */
  readonly sku: {
    readonly attributes: JsonObject;
    readonly listings: readonly ListingNow[];
    readonly withheld: Withheld | null;
  } | null;
  /** When the last entry of the ledger was recorded. */
  readonly recordedAt: Instant;
  /** The SKU's balances after the newest entry that may stand on this page. */
  readonly balances: readonly Balance[];
  readonly seq: number;
  /** Newest first. */
  readonly entries: readonly ChainEntry[];
  /** Whether older ones follow. */
  readonly hasMore: boolean;
}

/** Legs looked at to fill a page: an entry has one or two per SKU, an order that names it in many lines has more. */
const LEGS_PER_ENTRY = 3;

const READ_CHAIN = `
with moment as (select least(coalesce($3::bigint - 1, h.seq), h.seq) as seq, h.recorded_at from head h where h.seller_id = $1),
legs as (
  select m.seq
  from moment, account a
  cross join lateral (
    (select m.seq, m.leg from movement m
     where m.seller_id = $1 and (m.account_id + 0) = a.account_id and (m.prev_seq, m.prev_leg) < (moment.seq + 1, 0)
     order by m.prev_seq desc nulls last, m.prev_leg desc nulls last limit $4 + 1)
    union all
    (select m.seq, m.leg from movement m
     where m.seller_id = $1 and (m.account_id + 0) = a.account_id and m.prev_seq is null)
  ) m
  where a.seller_id = $1 and a.sku = $2 and m.seq <= moment.seq
  order by m.seq desc, m.leg desc limit $4
)
select moment.seq, ${balancesAt("$2", "moment.seq")} as balances,
  ${milliseconds("moment.recorded_at")} as "recordedAt", s.attributes,
  case when $3::bigint is null then ${listingsOf("$2", "moment.seq")} else '[]'::json end as listings,
  case when $3::bigint is null then ${withheldOf("$2")} end as withheld,
  (select count(*) from legs) as "legCount", coalesce((
  select json_agg(json_build_object(
    'seq', e.seq, 'kind', e.kind, 'recordedAt', ${milliseconds("e.recorded_at")},
    'occurredAt', ${milliseconds("e.occurred_at")}, 'channel', e.channel, 'orderId', e.order_id,
    'externalId', e.external_id, 'source', e.body ->> 'source', 'status', e.body -> 'order' ->> 'status',
    'reservationId', coalesce(e.body ->> 'reservationId', e.body -> 'order' ->> 'reservationId'),
    'reason', e.body ->> 'reason', 'legs', (
      select json_agg(json_build_object(
        'bucket', a.bucket, 'location', a.location, 'locationKind', l.kind, 'units', m.units, 'before', m.before,
        'after', m.after, 'counterpart', m.counterpart, 'lineId', m.line_id, 'reason', m.reason
      ) order by m.leg)
      from movement m
      join account a on a.seller_id = $1 and a.account_id = m.account_id and a.sku = $2
      left join location l on l.seller_id = $1 and l.code = a.location
      where m.seller_id = $1 and m.seq = e.seq
    )) order by e.seq desc)
  from entry e where e.seller_id = $1 and e.seq in (select seq from legs)
), '[]'::json) as entries
from moment left join sku s on s.seller_id = $1 and s.sku = $2`;

interface Row {
  readonly seq: number;
  readonly balances: readonly Balance[];
  readonly recordedAt: number;
  readonly attributes: JsonObject | null;
  readonly listings: readonly ListingNow[];
  readonly withheld: Withheld | null;
  readonly legCount: number;
  readonly entries: readonly ChainEntry[];
}

/** The entries that moved a SKU before entry number `before` (null: up to now), newest first, from one snapshot. */
export async function readChain(
  reader: Reader,
  page: {
    readonly sellerId: number;
    readonly sku: string;
    readonly before: number | null;
    readonly limit: number;
  },
): Promise<ChainPage> {
  const legLimit = (page.limit + 1) * LEGS_PER_ENTRY;
  const values = [page.sellerId, page.sku, page.before, legLimit];
  const rows = await reader.rows<Row>({ name: "read_chain", text: READ_CHAIN, values });
  const [row] = rows;
  if (row === undefined) throw new Error(`seller ${page.sellerId} has no ledger`);
  const { seq, balances, recordedAt, attributes, listings, withheld, legCount, entries } = row;
  const hasMore = entries.length > page.limit || legCount === legLimit;
  const sku = attributes === null ? null : { attributes, listings, withheld };
  return { sku, recordedAt, seq, balances, entries: entries.slice(0, page.limit), hasMore };
}
