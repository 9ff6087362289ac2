import { placeKey } from "@onepool/core/intake/keeper/booking.ts";
import { postingsOf } from "@onepool/core/ledger/claim.ts";
import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { ClaimLine } from "@onepool/core/ledger/order-record.ts";
import { heldFacts } from "@onepool/core/ledger/source-facts.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import { decodeOrder } from "../../ledger/stored-order.ts";
import type { LevelPlace } from "./keeper-level-store.ts";

/** What a keeper has not said after so long it will not say, in milliseconds. */
const WAITED_MS = 7 * 24 * 3_600_000;

/** Orders looked at per SKU and place: more than that is not one shipment that is late. */
const ORDERS_MAX = 200;

interface Row extends LevelPlace {
  readonly channel: string;
  readonly order_id: string;
  readonly state: JsonObject;
}

/** Units of a SKU that left a place in the days before by a channel's word, and not yet by a keeper's. */
export async function readUnconfirmedLeft(
  client: pg.PoolClient,
  sellerId: number,
  places: readonly (LevelPlace & { readonly at: Instant })[],
): Promise<ReadonlyMap<string, Units>> {
  const { rows } = await client.query<Row>({
    name: "keeper_read_unconfirmed_left",
    text: `select k.sku, k.location, o.channel, o.order_id, o.state
      from unnest($2::text[], $3::text[], $4::timestamptz[]) as k (sku, location, since)
      cross join lateral (
        select distinct e.channel, e.order_id from (
          select m.seq from movement m
          where m.seller_id = $1 and m.account_id = (
              select a.account_id from account a
              where a.seller_id = $1 and a.sku = k.sku and a.location = k.location and a.bucket = 'sellable')
            and m.occurred_at is not null and m.occurred_at >= k.since and m.units < 0 and m.counterpart = 'customer'
          order by m.occurred_at desc limit $5
        ) m join entry e on e.seller_id = $1 and e.seq = m.seq
        where e.order_id is not null
      ) e
      join sales_order o on o.seller_id = $1 and o.channel = e.channel and o.order_id = e.order_id`,
    values: [
      sellerId,
      places.map(({ sku }) => sku),
      places.map(({ location }) => location),
      places.map(({ at }) => new Date(at - WAITED_MS)),
      ORDERS_MAX,
    ],
  });
  const units = new Map<string, Units>();
  for (const row of rows) {
    const order = decodeOrder(row.channel, row.order_id, row.state);
    const open = order.lines.reduce((sum, line) => sum + unconfirmed(line, row), 0);
    units.set(placeKey(row), (units.get(placeKey(row)) ?? 0) + open);
  }
  return units;
}

function unconfirmed({ recipe, posted, received, sources }: ClaimLine, { sku, location }: LevelPlace): Units {
  if (recipe === null) return 0;
  const left = postingsOf(recipe, posted, received).reduce(
    (sum, one) =>
      one.sku === sku && one.location === location && one.bucket === "sellable" ? sum - one.units : sum,
    0,
  );
  const { keeper } = sources;
  const counted = (keeper === undefined ? null : heldFacts(keeper))?.left ?? [];
  const told = counted.reduce(
    (sum, one) => (one.sku === sku && one.location === location ? sum + one.units : sum),
    0,
  );
  return Math.max(0, left - told);
}
