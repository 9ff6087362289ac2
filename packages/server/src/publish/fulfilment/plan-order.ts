// One order looked at: what it wants is compared with what keepers were given, and the difference is written down.
import type { KeeperKind } from "@onepool/connectors/contract/keeper/keeper.ts";
import type { OrderRecord } from "@onepool/core/ledger/order-record.ts";
import { planFulfilment } from "@onepool/core/publish/fulfilment/plan-fulfilment.ts";
import type pg from "pg";

import { decodeOrder } from "../../ledger/stored-order.ts";
import { resolveAlert } from "../../observe/open-alert.ts";
import { chooseKeeper } from "./choose-keeper.ts";
import { ORDERS, takeBack } from "./command-store.ts";
import { type GivingKeeper, readGivingKeepers } from "./giving-keepers.ts";
import { forgetDue, giveOrder, lockGiven, type OrderKey } from "./keeper-order-store.ts";

export interface PlanContext {
  readonly kinds: ReadonlyMap<string, KeeperKind>;
  readonly now: number;
}

/** Writes down what is to be told to keepers about an order that is due; the telling is done by whoever finds it. */
export async function planOrder(client: pg.ClientBase, key: OrderKey, context: PlanContext): Promise<void> {
  const { kinds, now } = context;
  const found = await readOrder(client, key);
  const given = await lockGiven(client, key);
  await forgetDue(client, key);
  if (found === null) return;
  const { order, firstSeq, placedAt } = found;
  const plan = planFulfilment(order, given);
  for (const reference of plan.takeBack)
    await takeBack(client, ORDERS, { sellerId: key.sellerId, reference }, now);
  if (order.status === "cancelled")
    await resolveAlert(client, key.sellerId, { kind: "fulfilment_refused", subject: subjectOf(key) }, now);
  if (plan.give.length === 0) return;
  const keepers = (await readGivingKeepers(client, key.sellerId, kinds)).filter(
    (keeper) => keeper.channels.includes(key.channel) && placedAt >= keeper.since,
  );
  const chosen = await chooseKeeper(client, key.sellerId, {
    keepers: sameAs(given, keepers),
    lines: plan.give,
  });
  if (chosen === null) return;
  const { keeper, facility, items } = chosen;
  await giveOrder(
    client,
    {
      ...key,
      reference: referenceOf(firstSeq, given.length),
      connection: keeper.connection,
      facility,
      lines: plan.give,
      items,
      isTold: keeper.kind.capability.orders !== "fetched",
    },
    now,
  );
}

export function subjectOf({ channel, orderId }: Pick<OrderKey, "channel" | "orderId">): string {
  return `${channel}/${orderId}`;
}

/** Whoever has a part of the order already gets the rest as well, where it still ships for the channel. */
function sameAs(
  given: readonly { readonly connection: string }[],
  keepers: readonly GivingKeeper[],
): readonly GivingKeeper[] {
  const last = keepers.filter(({ connection }) => connection === given.at(-1)?.connection);
  return last.length > 0 ? last : keepers;
}

/** Unique for ever: an order's first entry is its own, and each time it is given counts one up. At most 40 characters. */
function referenceOf(firstSeq: number, times: number): string {
  return `OP-${firstSeq.toString(36).toUpperCase()}-${times + 1}`;
}

interface FoundOrder {
  readonly order: OrderRecord;
  readonly firstSeq: number;
  /** By the channel's word, or when we first heard of it. */
  readonly placedAt: number;
}

async function readOrder(client: pg.ClientBase, key: OrderKey): Promise<FoundOrder | null> {
  const { rows } = await client.query({
    name: "fulfil_read_order",
    text: `select o.state, o.first_seq, e.recorded_at from sales_order o join entry e on e.seller_id = o.seller_id and e.seq = o.first_seq
      where o.seller_id = $1 and o.channel = $2 and o.order_id = $3`,
    values: [key.sellerId, key.channel, key.orderId],
  });
  const [row] = rows;
  if (row === undefined) return null;
  const order = decodeOrder(key.channel, key.orderId, row.state);
  return { order, firstSeq: row.first_seq, placedAt: order.placedAt ?? row.recorded_at.getTime() };
}
