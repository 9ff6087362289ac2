// What a keeper says of an order that we gave it, as far as it is not about units: that it will not ship it, or not all of it.
import type { ShipmentFact } from "@onepool/connectors/contract/keeper/keeper-fact.ts";
import type pg from "pg";

import { resolveAlert } from "../../observe/open-alert.ts";
import type { ConnectionKey } from "../notice-store.ts";
import { openKeeperAlert } from "./keeper-alert-store.ts";

interface Given {
  readonly reference: string;
  readonly state: string;
  readonly channel: string;
  readonly order_id: string;
}

/**
 * Writes down that a keeper gave an order up by itself, so that it is neither waited for nor given again without a person, and tells
 * of one that it cannot ship in full. What we asked it to leave is thereby left.
 */
export async function noteGivenOrder(
  client: pg.ClientBase,
  key: ConnectionKey,
  fact: Pick<ShipmentFact, "keeperOrderId" | "reference" | "status" | "lines">,
  now: number,
): Promise<void> {
  const { sellerId, code } = key;
  const { rows } = await client.query<Given>({
    name: "keeper_given_order",
    text: `select reference, state, channel, order_id from keeper_order
      where seller_id = $1 and connection = $2 and (reference = $3 or keeper_order_id = $4)`,
    values: [sellerId, code, fact.reference, fact.keeperOrderId],
  });
  const [given] = rows;
  if (given === undefined) return;
  const { reference, channel, order_id: orderId } = given;
  const subject = `${channel}/${orderId}`;
  const alert = {
    kind: "fulfilment_refused",
    severity: "warning",
    units: 0,
    subject,
    channel,
    orderId,
  } as const;
  if (fact.status === "cancelled") {
    const error = `${code} cancelled order ${orderId} of ${channel} by itself: cancel the order, or give it again.`;
    const ended = await endGiven(client, { sellerId, reference, channel, orderId, error }, now);
    if (ended === "refused") await openKeeperAlert(client, key, { ...alert, message: error }, now);
  } else if (fact.status === "short") {
    const why = fact.lines.find((line) => line.shortReason !== undefined)?.shortReason;
    const reason = why === undefined ? "" : ` (${why})`;
    const message = `${code} cannot ship all of order ${orderId} of ${channel}${reason}: count there, send it stock, or cancel what is missing.`;
    await openKeeperAlert(client, key, { ...alert, message }, now);
  } else if (given.state === "sent") await resolveAlert(client, sellerId, alert, now);
}

interface Ending {
  readonly sellerId: number;
  readonly reference: string;
  readonly channel: string;
  readonly orderId: string;
  readonly error: string;
}

/** Under the lock that whoever plans the order takes first. */
async function endGiven(client: pg.ClientBase, ending: Ending, now: number): Promise<string | null> {
  const { sellerId, reference, channel, orderId, error } = ending;
  const at = new Date(now);
  await client.query(
    `insert into order_due (seller_id, channel, order_id, due_at) values ($1, $2, $3, $4)
     on conflict (seller_id, channel, order_id) do update set due_at = excluded.due_at`,
    [sellerId, channel, orderId, at],
  );
  const { rows } = await client.query<{ state: string }>(
    `update keeper_order set state = case state when 'cancelling' then 'cancelled' else 'refused' end, next_attempt_at = null,
       error = case state when 'cancelling' then null else $3 end, ended_at = case state when 'cancelling' then $4::timestamptz end
     where seller_id = $1 and reference = $2 and state in ('sent', 'cancelling') returning state`,
    [sellerId, reference, error, at],
  );
  return rows[0]?.state ?? null;
}
