import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";

import { incomingOf, type IncomingUnits } from "./inbound-store.ts";
import type { ListingNow } from "./listing-now.ts";
import type { Balance } from "./pool-numbers.ts";
import type { Reader } from "./reader.ts";
import { balancesAt, listingsOf, milliseconds, withheldOf } from "./sql-fragments.ts";
import type { Withheld } from "./withheld.ts";

/** A SKU with its balances after one entry. */
export interface SkuAt {
  readonly attributes: JsonObject;
  readonly createdSeq: number;
  readonly balances: readonly Balance[];
  /** As they are now; none when travelling back: what channels showed then is in the observations. */
  readonly listings: readonly ListingNow[];
  /** What inbounds are still to bring, soonest first; none when travelling back. */
  readonly incomingAt: readonly IncomingUnits[];
  /** Now; null when nothing is withheld, and when travelling back. */
  readonly withheld: Withheld | null;
}

export interface Availability {
  /** The last entry of the ledger in the snapshot read. */
  readonly headSeq: number;
  /** The entry the balances stand after. */
  readonly seq: number;
  /** When that entry was recorded; null before the first. */
  readonly recordedAt: Instant | null;
  /** Null: there is no such SKU. */
  readonly sku: SkuAt | null;
}

const READ_AVAILABILITY = `
with moment as (
  select h.seq as head_seq, least(coalesce($3::bigint, h.seq), h.seq) as seq from head h where h.seller_id = $1
)
select moment.head_seq, moment.seq, ${milliseconds("e.recorded_at")} as recorded_at,
  s.attributes, s.created_seq, ${balancesAt("$2", "moment.seq")} as balances,
  case when $3::bigint is null then ${listingsOf("$2", "moment.seq")} else '[]'::json end as listings,
  case when $3::bigint is null then ${incomingOf("$2")} else '[]'::json end as incoming_at,
  case when $3::bigint is null then ${withheldOf("$2")} end as withheld
from moment
left join entry e on e.seller_id = $1 and e.seq = moment.seq
left join sku s on s.seller_id = $1 and s.sku = $2`;

interface Row {
  readonly head_seq: number;
  readonly seq: number;
  readonly recorded_at: number | null;
  readonly attributes: JsonObject | null;
  readonly created_seq: number | null;
  readonly balances: readonly Balance[];
  readonly listings: readonly ListingNow[];
  readonly incoming_at: readonly IncomingUnits[];
  readonly withheld: Withheld | null;
}

/** A SKU's balances now, or after entry number `at`, from one snapshot. */
export async function readAvailability(
  reader: Reader,
  key: { readonly sellerId: number; readonly sku: string; readonly at: number | null },
): Promise<Availability> {
  const rows = await reader.rows<Row>({
    name: "read_availability",
    text: READ_AVAILABILITY,
    values: [key.sellerId, key.sku, key.at],
  });
  const [row] = rows;
  if (row === undefined) throw new Error(`seller ${key.sellerId} has no ledger`);
  const { attributes, created_seq: createdSeq, balances, listings, withheld } = row;
  const { incoming_at: incomingAt } = row;
  const isKnown = attributes !== null && createdSeq !== null;
  return {
    headSeq: row.head_seq,
    seq: row.seq,
    recordedAt: row.recorded_at,
    sku: isKnown ? { attributes, createdSeq, balances, listings, incomingAt, withheld } : null,
  };
}
