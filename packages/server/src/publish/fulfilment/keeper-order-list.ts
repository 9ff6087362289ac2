import type { Instant } from "@onepool/core/ledger/units.ts";
import type { GivenOrder } from "@onepool/core/publish/fulfilment/plan-fulfilment.ts";

import type { Reader } from "../../ledger/read/reader.ts";
import { milliseconds } from "../../ledger/read/sql-fragments.ts";

/** An order as a keeper was given it, for people. */
export interface ListedKeeperOrder extends Omit<GivenOrder, "left"> {
  readonly connection: string;
  readonly channel: string;
  readonly orderId: string;
  readonly facility: string;
  readonly keeperOrderId: string | null;
  readonly error: string | null;
  readonly createdAt: Instant;
  readonly sentAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly nextAttemptAt: Instant | null;
}

export interface KeeperOrderFilter {
  readonly sellerId: number;
  readonly state: GivenOrder["state"] | null;
  readonly connection: string | null;
  readonly channel: string | null;
  readonly orderId: string | null;
  readonly before: { readonly createdAt: Instant; readonly reference: string } | null;
  readonly limit: number;
}

const LIST = `
  select k.reference, k.connection, k.channel, k.order_id as "orderId", k.facility, k.state, k.lines,
    k.keeper_order_id as "keeperOrderId", k.error, ${milliseconds("k.created_at")} as "createdAt",
    ${milliseconds("k.sent_at")} as "sentAt", ${milliseconds("k.ended_at")} as "endedAt",
    ${milliseconds("k.next_attempt_at")} as "nextAttemptAt"
  from keeper_order k
  where k.seller_id = $1
    and ($2::text is null or k.state = $2) and ($3::text is null or k.connection = $3)
    and ($4::text is null or k.channel = $4) and ($5::text is null or k.order_id = $5)
    and ($6::int8 is null or (${milliseconds("k.created_at")}, k.reference) < ($6::int8, $7::text))
  order by ${milliseconds("k.created_at")} desc, k.reference desc limit $8`;

/** What keepers were given, newest first. */
export function listKeeperOrders(reader: Reader, filter: KeeperOrderFilter): Promise<ListedKeeperOrder[]> {
  const { sellerId, state, connection, channel, orderId, before, limit } = filter;
  const place = [before?.createdAt ?? null, before?.reference ?? ""];
  const values = [sellerId, state, connection, channel, orderId, ...place, limit];
  return reader.rows<ListedKeeperOrder>({ text: LIST, values });
}
