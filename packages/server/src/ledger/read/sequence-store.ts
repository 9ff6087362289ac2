import type { Instant } from "@onepool/core/ledger/units.ts";

import type { Reader } from "./reader.ts";

/** Recorded times never fall as the sequence rises and no number is missing, so halving finds the last entry in time. */
const SEQUENCE_AT = `
with recursive search (low, high) as (
  select 0::bigint, h.seq from head h where h.seller_id = $1
  union all
  select case when e.recorded_at <= $2 then e.seq else s.low end,
         case when e.recorded_at <= $2 then s.high else e.seq - 1 end
  from search s join entry e on e.seller_id = $1 and e.seq = (s.low + s.high + 1) / 2
  where s.low < s.high
)
select low as seq from search where low >= high`;

/** The last entry recorded at or before an instant; 0 before the first. */
export async function sequenceAt(reader: Reader, sellerId: number, instant: Instant): Promise<number> {
  const rows = await reader.rows<{ seq: number }>({
    name: "sequence_at",
    text: SEQUENCE_AT,
    values: [sellerId, new Date(instant)],
  });
  return rows[0]?.seq ?? 0;
}
