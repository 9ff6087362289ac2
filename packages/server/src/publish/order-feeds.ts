import type { Instant } from "@onepool/core/ledger/units.ts";
import type { OrderFeed } from "@onepool/core/publish/order-feed.ts";
import type pg from "pg";

/**
 * How far each connection's orders have reached the ledger, as columns `completeAt` and `oldestUnreadAt` of `order_poll p`. A
 * notification of something that a complete poll since did not list was no order: forged ones must not hold up raises.
 */
const ORDER_FEED = `p.complete_at as "completeAt", (
    select i.first_received_at from inbox i
    where i.seller_id = p.seller_id and i.connection = p.connection and i.done_arrivals < i.arrivals
      and i.poisoned_at is null and (i.done_arrivals = 0 or i.next_attempt_at <= $2)
      and (i.found_at is not null or i.done_at is not null or i.first_received_at > p.complete_at)
    order by i.first_received_at limit 1) as "oldestUnreadAt"`;

interface StoredFeed {
  readonly connection: string;
  readonly completeAt: Date | null;
  readonly oldestUnreadAt: Date | null;
}

const UNKNOWN: OrderFeed = { completeAt: null, oldestUnreadAt: null };

/** Of one connection. */
export async function readOrderFeed(
  pool: pg.Pool,
  key: { readonly sellerId: number; readonly connection: string },
  now: Instant,
): Promise<OrderFeed> {
  const { rows } = await pool.query<StoredFeed>({
    name: "publish_order_feed",
    text: `select p.connection, ${ORDER_FEED} from order_poll p where p.seller_id = $1 and p.connection = $3`,
    values: [key.sellerId, new Date(now), key.connection],
  });
  return rows[0] === undefined ? UNKNOWN : feedOf(rows[0]);
}

/** Of all connections of a seller. */
export async function readOrderFeeds(
  client: pg.ClientBase,
  sellerId: number,
  now: Instant,
): Promise<ReadonlyMap<string, OrderFeed>> {
  const { rows } = await client.query<StoredFeed>({
    name: "publish_order_feeds",
    text: `select p.connection, ${ORDER_FEED} from order_poll p where p.seller_id = $1`,
    values: [sellerId, new Date(now)],
  });
  return new Map(rows.map((row) => [row.connection, feedOf(row)] as const));
}

function feedOf({ completeAt, oldestUnreadAt }: StoredFeed): OrderFeed {
  return { completeAt: completeAt?.getTime() ?? null, oldestUnreadAt: oldestUnreadAt?.getTime() ?? null };
}
