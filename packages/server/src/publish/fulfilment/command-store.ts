// What keepers are to be told: claimed by one process at a time, told, and written down as it was answered. Orders and deliveries
// stand in tables of one shape.
import type { ShipTo } from "@onepool/connectors/contract/keeper/keeper.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { SecretBox } from "../../auth/secret-box.ts";
import type { ItemLine, OrderKey } from "./keeper-order-store.ts";

/** What is told, whatever it is about. */
export interface KeeperCommand {
  readonly sellerId: number;
  readonly reference: string;
  readonly connection: string;
  readonly state: "wanted" | "cancelling";
  /** The keeper's own id, once it told it. */
  readonly keeperId: string | null;
  /** Tries before this one. */
  readonly attempts: number;
  readonly isSent: boolean;
}

/** An order that a keeper is to be told of. */
export interface OrderCommand extends KeeperCommand, OrderKey {
  readonly facility: string;
  readonly items: readonly ItemLine[];
  /** By the channel's word, or when we first gave it. */
  readonly placedAt: Instant;
}

/** A delivery that a keeper is to be told of. */
export interface InboundCommand extends KeeperCommand {
  readonly inboundId: string;
  readonly facility: string;
  readonly expectedAt: Instant | null;
  readonly items: readonly { readonly item: string; readonly units: Units }[];
}

/** A table of commands: its name, the keeper's id in it, and what its commands are about. */
interface CommandTable {
  readonly table: string;
  readonly keeperId: string;
  readonly about: string;
}

export const ORDERS: CommandTable = {
  table: "keeper_order",
  keeperId: "keeper_order_id",
  about: `k.channel, k.order_id as "orderId", k.facility, k.items, coalesce((
      select (o.state ->> 'placed')::int8 from sales_order o
      where o.seller_id = k.seller_id and o.channel = k.channel and o.order_id = k.order_id
    ), (extract(epoch from k.created_at) * 1000)::int8) as "placedAt"`,
};

export const INBOUNDS: CommandTable = {
  table: "keeper_inbound",
  keeperId: "keeper_inbound_id",
  about: `k.inbound_id as "inboundId", k.facility, k.items, (extract(epoch from k.expected_at) * 1000)::int8 as "expectedAt"`,
};

/** Longer than a call takes with its own time limit: what a dead process held is taken up after it. */
const CLAIM = "interval '90 seconds'";

/** What keepers are to be told now, held by this process. */
export async function claimCommands<Command extends KeeperCommand>(
  pool: pg.Pool,
  { table, keeperId, about }: CommandTable,
  ask: { readonly now: number; readonly limit: number },
): Promise<Command[]> {
  const { rows } = await pool.query<Command>({
    name: `fulfil_claim_${table}`,
    text: `
      with due as (
        select seller_id, reference from ${table}
        where next_attempt_at <= $1 and (claimed_until is null or claimed_until <= $1)
        order by next_attempt_at limit $2 for update skip locked
      )
      update ${table} k set claimed_until = $1 + ${CLAIM}, attempts = k.attempts + 1
      from due where k.seller_id = due.seller_id and k.reference = due.reference
      returning k.seller_id as "sellerId", k.reference, k.connection, k.state, k.${keeperId} as "keeperId",
        k.attempts - 1 as attempts, k.sent_at is not null as "isSent", ${about}`,
    values: [new Date(ask.now), ask.limit],
  });
  return rows;
}

/** What a telling came to. `from`: the state it was told in; whoever changed it meanwhile has the next word. */
export interface CommandEnd {
  readonly from: KeeperCommand["state"] | "sent";
  readonly state: "wanted" | "sent" | "cancelling" | "cancelled" | "too_late" | "refused";
  readonly keeperId: string | null;
  readonly error: string | null;
  /** When to try again; null when there is nothing to be told. */
  readonly nextAttemptAt: Instant | null;
  /** The try did not reach the keeper: it does not count. */
  readonly isUncounted?: boolean;
}

const ENDED: readonly CommandEnd["state"][] = ["cancelled", "too_late"];

/** Writes down what a telling came to. What was taken back while it was told keeps its state, and the keeper's id to take it back by. */
export async function endCommand(
  client: pg.ClientBase,
  { table, keeperId }: CommandTable,
  { sellerId, reference }: Pick<KeeperCommand, "sellerId" | "reference">,
  end: CommandEnd & { readonly now: Instant },
): Promise<void> {
  const at = new Date(end.now);
  const { rowCount } = await client.query(
    `update ${table} set state = $4, ${keeperId} = coalesce($5, ${keeperId}), error = $6, next_attempt_at = $7,
       claimed_until = null, sent_at = case when $4 = 'sent' then coalesce(sent_at, $8) else sent_at end,
       ended_at = case when $9 then $8::timestamptz end,
       attempts = case when state <> $4 then 0 when $10 then greatest(attempts - 1, 0) else attempts end
     where seller_id = $1 and reference = $2 and state = $3`,
    [
      sellerId,
      reference,
      end.from,
      end.state,
      end.keeperId,
      end.error,
      end.nextAttemptAt === null ? null : new Date(end.nextAttemptAt),
      at,
      ENDED.includes(end.state),
      end.isUncounted === true,
    ],
  );
  if (rowCount === 1) return;
  await client.query(
    `update ${table} set ${keeperId} = coalesce($3, ${keeperId}), claimed_until = null,
       sent_at = case when $4 then coalesce(sent_at, $5) else sent_at end
     where seller_id = $1 and reference = $2`,
    [sellerId, reference, end.keeperId, end.state === "sent", at],
  );
}

/** What the keeper never heard of is simply not told; the rest it has to be asked for. */
export async function takeBack(
  client: pg.ClientBase,
  { table }: CommandTable,
  { sellerId, reference }: Pick<KeeperCommand, "sellerId" | "reference">,
  now: Instant,
): Promise<void> {
  await client.query(
    `update ${table} set
       state = case when state = 'wanted' and attempts = 0 then 'cancelled' else 'cancelling' end,
       next_attempt_at = case when state = 'wanted' and attempts = 0 then null else $3::timestamptz end,
       ended_at = case when state = 'wanted' and attempts = 0 then $3::timestamptz end,
       attempts = 0, error = null
     where seller_id = $1 and reference = $2 and state in ('wanted', 'sent')`,
    [sellerId, reference, new Date(now)],
  );
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
