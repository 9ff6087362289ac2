// What keepers are to be told: claimed by one process at a time, told, and written down as it was answered.
import type { ShipTo } from "@onepool/connectors/contract/keeper/keeper.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { SecretBox } from "../../auth/secret-box.ts";
import type { ItemLine, OrderKey } from "./keeper-order-store.ts";

/** An order that a keeper is to be told of. */
export interface OrderCommand extends OrderKey {
  readonly reference: string;
  readonly connection: string;
  readonly state: "wanted" | "cancelling";
  readonly facility: string;
  readonly items: readonly ItemLine[];
  readonly keeperOrderId: string | null;
  /** By the channel's word, or when we first gave it. */
  readonly placedAt: Instant;
  /** Tries before this one. */
  readonly attempts: number;
  readonly isSent: boolean;
}

/** Longer than a call takes with its own time limit: what a dead process held is taken up after it. */
const CLAIM = "interval '90 seconds'";

/** Orders that keepers are to be told of now, held by this process. */
export async function claimOrderCommands(pool: pg.Pool, now: number, limit: number): Promise<OrderCommand[]> {
  const { rows } = await pool.query<OrderCommand>({
    name: "fulfil_claim",
    text: `
      with due as (
        select seller_id, reference from keeper_order
        where next_attempt_at <= $1 and (claimed_until is null or claimed_until <= $1)
        order by next_attempt_at limit $2 for update skip locked
      )
      update keeper_order k set claimed_until = $1 + ${CLAIM}, attempts = k.attempts + 1
      from due where k.seller_id = due.seller_id and k.reference = due.reference
      returning k.seller_id as "sellerId", k.channel, k.order_id as "orderId", k.reference, k.connection, k.state, k.facility, k.items,
        k.keeper_order_id as "keeperOrderId", coalesce((
          select (o.state ->> 'placed')::int8 from sales_order o
          where o.seller_id = k.seller_id and o.channel = k.channel and o.order_id = k.order_id
        ), (extract(epoch from k.created_at) * 1000)::int8) as "placedAt", k.attempts - 1 as attempts, k.sent_at is not null as "isSent"`,
    values: [new Date(now), limit],
  });
  return rows;
}

/** What a telling came to. `from`: the state it was told in; whoever changed it meanwhile has the next word. */
export interface CommandEnd {
  readonly from: OrderCommand["state"];
  readonly state: "wanted" | "sent" | "cancelling" | "cancelled" | "too_late" | "refused";
  readonly keeperOrderId: string | null;
  readonly error: string | null;
  /** When to try again; null when there is nothing to be told. */
  readonly nextAttemptAt: number | null;
  /** The try did not reach the keeper: it does not count. */
  readonly isUncounted?: boolean;
}

const ENDED: readonly CommandEnd["state"][] = ["cancelled", "too_late"];

/** Writes it down; false where the order was taken back while it was told. */
export async function endOrderCommand(
  client: pg.ClientBase,
  { sellerId, reference }: Pick<OrderCommand, "sellerId" | "reference">,
  end: CommandEnd,
  now: number,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update keeper_order set state = $4, keeper_order_id = coalesce($5, keeper_order_id), error = $6, next_attempt_at = $7,
       claimed_until = null, sent_at = case when $4 = 'sent' then coalesce(sent_at, $8) else sent_at end,
       ended_at = case when $9 then $8 end, attempts = case when $10 then greatest(attempts - 1, 0) when state <> $4 then 0 else attempts end
     where seller_id = $1 and reference = $2 and state = $3`,
    [
      sellerId,
      reference,
      end.from,
      end.state,
      end.keeperOrderId,
      end.error,
      end.nextAttemptAt === null ? null : new Date(end.nextAttemptAt),
      new Date(now),
      ENDED.includes(end.state),
      end.isUncounted === true,
    ],
  );
  if (rowCount === 1) return true;
  // Taken back meanwhile: the keeper has it all the same, and its id is what it is taken back by.
  await client.query(
    `update keeper_order set keeper_order_id = coalesce($3, keeper_order_id), claimed_until = null,
       sent_at = case when $4 then coalesce(sent_at, $5) else sent_at end
     where seller_id = $1 and reference = $2`,
    [sellerId, reference, end.keeperOrderId, end.state === "sent", new Date(now)],
  );
  return false;
}

/** Where the order goes; null where nobody told us. */
export async function readShipTo(pool: pg.Pool, key: OrderKey, secretBox: SecretBox): Promise<ShipTo | null> {
  const { rows } = await pool.query<{ address: Buffer }>({
    name: "fulfil_ship_to",
    text: "select address from ship_to where seller_id = $1 and channel = $2 and order_id = $3",
    values: [key.sellerId, key.channel, key.orderId],
  });
  const [row] = rows;
  return row === undefined ? null : (JSON.parse(secretBox.open(row.address)) as ShipTo);
}
