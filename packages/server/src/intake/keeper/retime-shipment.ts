// A channel may say that units left before their keeper does, and mostly with a later time: that of its own paper. A count of the
// keeper's between the two has seen them gone already, so they would be taken off twice.
import { adjustmentOf, bare, type Place } from "@onepool/core/intake/keeper/booking.ts";
import type { PlacedUnits } from "@onepool/core/intake/keeper/distribute-left.ts";
import { postingsOf } from "@onepool/core/ledger/claim.ts";
import type { Command } from "@onepool/core/ledger/command.ts";
import type { OrderRecord } from "@onepool/core/ledger/order-record.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import { type ApplyContext, originOf } from "./apply-context.ts";

/** What a keeper now says left a place for an order, and when. */
export interface ToldShipment extends Place {
  readonly factId: string;
  readonly units: Units;
  readonly occurredAt: Instant;
}

/**
 * Moves units that a channel had leave to the time at which their keeper saw them leave: in at the channel's time, out at the
 * keeper's. Counts between them cancel the one and not the other, and levels that are told late are compared with what is true.
 * Nothing where both times are the same but for the clocks.
 */
export async function retimeShipment(
  context: ApplyContext,
  order: OrderRecord,
  placed: readonly PlacedUnits[],
  told: ToldShipment,
): Promise<readonly Command[]> {
  const { client, key, capability } = context;
  const place = bare(told);
  const units = Math.min(told.units, postedByOthers(order, placed, place));
  if (units <= 0) return [];
  const postedAt = await readPostedAt(client, key.sellerId, order, place);
  if (postedAt === null || postedAt - told.occurredAt <= capability.clockSkewMs) return [];
  const reason = `${key.code}: left earlier than ${order.channel} said`;
  return [
    adjustmentOf(originOf(context, told.factId, postedAt), place, {
      bucket: "sellable",
      units,
      step: "retimed/from",
      reason,
    }),
    adjustmentOf(originOf(context, told.factId, told.occurredAt), place, {
      bucket: "sellable",
      units: -units,
      step: "retimed/to",
      reason,
    }),
  ];
}

/** Units of the order that stand as having left the place without a word of the keeper's. */
function postedByOthers(order: OrderRecord, placed: readonly PlacedUnits[], { sku, location }: Place): Units {
  let units = 0;
  for (const { recipe, posted, received } of order.lines) {
    for (const posting of recipe === null ? [] : postingsOf(recipe, posted, received))
      if (posting.bucket === "sellable" && posting.sku === sku && posting.location === location)
        units -= posting.units;
  }
  for (const part of placed) if (part.sku === sku && part.location === location) units -= part.units;
  return units;
}

/** When units of the order last left the place, by what the ledger has. */
async function readPostedAt(
  client: pg.ClientBase,
  sellerId: number,
  { channel, orderId }: OrderRecord,
  { sku, location }: Place,
): Promise<Instant | null> {
  const { rows } = await client.query<{ at: Date | null }>({
    name: "keeper_posted_at",
    text: `select max(m.occurred_at) as at
      from sales_order o
      join entry e on e.seller_id = $1 and e.seq between o.first_seq and o.last_seq and e.channel = o.channel and e.order_id = o.order_id
      join movement m on m.seller_id = $1 and m.seq = e.seq and m.units < 0 and m.counterpart = 'customer'
      join account a on a.seller_id = $1 and a.account_id = m.account_id
      where o.seller_id = $1 and o.channel = $2 and o.order_id = $3 and a.sku = $4 and a.location = $5 and a.bucket = 'sellable'`,
    values: [sellerId, channel, orderId, sku, location],
  });
  return rows[0]?.at?.getTime() ?? null;
}
