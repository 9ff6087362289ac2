import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";

import type { ListingNow } from "./listing-now.ts";
import type { Balance } from "./pool-numbers.ts";
import type { Reader } from "./reader.ts";
import { balancesAt, listingsOf, milliseconds } from "./sql-fragments.ts";

export interface SkuFilter {
  readonly sellerId: number;
  /** The last SKU of the page before. */
  readonly after: string | null;
  readonly limit: number;
  /** Text within SKU or title, in any case, or a whole barcode. */
  readonly search: string | null;
  /** Exactly these. */
  readonly skus: readonly string[] | null;
  readonly supplier: string | null;
  /** Offered on this connection. */
  readonly connection: string | null;
  /** With an open oversold alert. */
  readonly oversold: boolean;
}

export interface ListedSku {
  readonly sku: string;
  readonly attributes: JsonObject;
  readonly balances: readonly Balance[];
  readonly listings: readonly ListingNow[];
}

export interface SkuPage {
  readonly seq: number;
  readonly recordedAt: Instant;
  readonly skus: readonly ListedSku[];
}

const LIST_SKUS = `
select h.seq, ${milliseconds("h.recorded_at")} as recorded_at, coalesce((
  select json_agg(json_build_object('sku', p.sku, 'attributes', p.attributes, 'balances', ${balancesAt("p.sku", "h.seq")},
    'listings', ${listingsOf("p.sku", "h.seq")}) order by p.sku)
  from (
    select s.sku, s.attributes from sku s
    where s.seller_id = $1 and s.sku > $2
      and ($4::text is null
        or strpos(lower(s.sku), lower($4)) > 0
        or strpos(lower(s.attributes ->> 'title'), lower($4)) > 0
        or strpos(s.attributes ->> 'barcodes', to_json($4)::text) > 0)
      and ($5::text[] is null or s.sku = any ($5))
      and ($6::text is null or s.attributes ->> 'supplier' = $6)
      and ($7::text is null or exists (
        select from listing_component c where c.seller_id = $1 and c.sku = s.sku and c.connection = $7))
      and (not $8 or exists (
        select from alert o where o.seller_id = $1 and o.kind = 'oversold' and o.subject = s.sku and o.resolved_at is null))
    order by s.sku limit $3
  ) p
), '[]'::json) as skus
from head h where h.seller_id = $1`;

/** One page of SKUs with their balances, by SKU, from one snapshot. */
export async function listSkus(reader: Reader, filter: SkuFilter): Promise<SkuPage> {
  const { sellerId, after, limit, search, skus, supplier, connection, oversold } = filter;
  const rows = await reader.rows<{ seq: number; recorded_at: number; skus: ListedSku[] }>({
    name: "list_skus",
    text: LIST_SKUS,
    values: [sellerId, after ?? "", limit, search, skus, supplier, connection, oversold],
  });
  const [row] = rows;
  if (row === undefined) throw new Error(`seller ${sellerId} has no ledger`);
  return { seq: row.seq, recordedAt: row.recorded_at, skus: row.skus };
}
