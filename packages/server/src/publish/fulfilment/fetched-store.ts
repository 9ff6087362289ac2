// What keepers fetch from us by themselves, and how what they answer is found.
import type { ShipTo } from "@onepool/connectors/contract/keeper/keeper.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";
import type { GivenOrder } from "@onepool/core/publish/fulfilment/plan-fulfilment.ts";
import type pg from "pg";

import type { SecretBox } from "../../auth/secret-box.ts";
import type { Reader } from "../../ledger/read/reader.ts";
import { milliseconds } from "../../ledger/read/sql-fragments.ts";
import type { ItemLine } from "./keeper-order-store.ts";

export type CommandState = GivenOrder["state"];

/** An order as the keeper that ships it fetches it. */
export interface FetchedOrder {
  readonly reference: string;
  readonly channel: string;
  readonly orderNumber: string;
  readonly facility: string;
  readonly state: CommandState;
  readonly keeperOrderId: string | null;
  readonly createdAt: Instant;
  /** By the channel's word; when it was given where that does not say. */
  readonly placedAt: Instant;
  readonly lines: readonly ItemLine[];
  readonly shipTo: ShipTo | null;
}

export interface FetchedInbound {
  readonly reference: string;
  readonly inboundId: string;
  readonly facility: string;
  readonly state: CommandState;
  readonly keeperInboundId: string | null;
  readonly createdAt: Instant;
  readonly expectedAt: Instant | null;
  readonly lines: readonly { readonly item: string; readonly units: Units }[];
}

export interface FetchAsk {
  readonly sellerId: number;
  readonly connection: string;
  readonly state: CommandState;
  readonly after: { readonly createdAt: Instant; readonly reference: string } | null;
  readonly limit: number;
}

const ASKED = `k.seller_id = $1 and k.connection = $2 and k.state = $3
    and ($4::int8 is null or (${milliseconds("k.created_at")}, k.reference) > ($4::int8, $5::text))
  order by ${milliseconds("k.created_at")}, k.reference limit $6`;

/** Where something goes is nobody's business once the keeper has no part in it. */
const ORDERS_WITH_ADDRESS = `
  select k.reference, k.channel, k.order_id as "orderNumber", k.facility, k.state, k.keeper_order_id as "keeperOrderId",
    ${milliseconds("k.created_at")} as "createdAt",
    coalesce((o.state ->> 'placed')::int8, ${milliseconds("k.created_at")}) as "placedAt", k.items as lines, s.address
  from keeper_order k
  left join sales_order o on o.seller_id = k.seller_id and o.channel = k.channel and o.order_id = k.order_id
  left join ship_to s on s.seller_id = k.seller_id and s.channel = k.channel and s.order_id = k.order_id
    and k.state in ('wanted', 'sent')
  where ${ASKED}`;

/** The oldest first. */
export async function fetchOrders(
  reader: Reader,
  ask: FetchAsk,
  secretBox: SecretBox,
): Promise<FetchedOrder[]> {
  const rows = await reader.rows<Omit<FetchedOrder, "shipTo"> & { readonly address: Buffer | null }>({
    text: ORDERS_WITH_ADDRESS,
    values: valuesOf(ask),
  });
  return rows.map(({ address, ...order }) => ({
    ...order,
    shipTo: address === null ? null : (JSON.parse(secretBox.open(address)) as ShipTo),
  }));
}

export function fetchInbounds(reader: Reader, ask: FetchAsk): Promise<FetchedInbound[]> {
  const text = `select k.reference, k.inbound_id as "inboundId", k.facility, k.state, k.keeper_inbound_id as "keeperInboundId",
    ${milliseconds("k.created_at")} as "createdAt", ${milliseconds("k.expected_at")} as "expectedAt", k.items as lines
    from keeper_inbound k where ${ASKED}`;
  return reader.rows<FetchedInbound>({ text, values: valuesOf(ask) });
}

function valuesOf({ sellerId, connection, state, after, limit }: FetchAsk): unknown[] {
  return [sellerId, connection, state, after?.createdAt ?? null, after?.reference ?? "", limit];
}

interface AnswerKey {
  readonly sellerId: number;
  readonly connection: string;
  readonly reference: string;
}

/** An order that a keeper answers about, by our reference; null for none of that keeper's. */
export async function findGivenOrder(
  client: pg.ClientBase,
  { sellerId, connection, reference }: AnswerKey,
): Promise<{ readonly channel: string; readonly orderId: string } | null> {
  const { rows } = await client.query<{ channel: string; orderId: string }>(
    `select channel, order_id as "orderId" from keeper_order where seller_id = $1 and connection = $2 and reference = $3`,
    [sellerId, connection, reference],
  );
  return rows[0] ?? null;
}

export async function findGivenInbound(
  client: pg.ClientBase,
  { sellerId, connection, reference }: AnswerKey,
): Promise<{ readonly inboundId: string } | null> {
  const { rows } = await client.query<{ inboundId: string }>(
    `select inbound_id as "inboundId" from keeper_inbound where seller_id = $1 and connection = $2 and reference = $3`,
    [sellerId, connection, reference],
  );
  return rows[0] ?? null;
}

/** How it stands, held until the transaction ends. Whoever plans the order holds its place among those due first. */
export async function lockGivenState(
  client: pg.ClientBase,
  table: { readonly table: string; readonly keeperId: string },
  { sellerId, reference }: Omit<AnswerKey, "connection">,
): Promise<{ readonly state: CommandState; readonly keeperId: string | null }> {
  const { rows } = await client.query<{ state: CommandState; keeperId: string | null }>(
    `select state, ${table.keeperId} as "keeperId" from ${table.table} where seller_id = $1 and reference = $2 for update`,
    [sellerId, reference],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`what a keeper was given as ${reference} is gone`);
  return row;
}
