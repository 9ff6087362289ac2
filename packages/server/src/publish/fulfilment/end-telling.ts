// What a keeper's answer brings about besides its state: people are alarmed, and the order is planned anew.
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import { openAlert, resolveAlert } from "../../observe/open-alert.ts";
import { type CommandEnd, endCommand, INBOUNDS, type KeeperCommand, ORDERS } from "./command-store.ts";
import { markDue, type OrderKey } from "./keeper-order-store.ts";
import { subjectOf } from "./plan-order.ts";

type Told = Pick<KeeperCommand, "sellerId" | "reference">;

export async function endOrder(
  client: pg.ClientBase,
  order: Told & OrderKey,
  end: CommandEnd,
  now: Instant,
): Promise<void> {
  const { sellerId, channel, orderId } = order;
  // First, as whoever plans the order holds this before what was given of it: the other way round each would wait for the other.
  if (end.state !== end.from) await markDue(client, order, now);
  await endCommand(client, ORDERS, order, { ...end, now });
  const subject = subjectOf(order);
  if (end.state === "refused" || end.state === "too_late") {
    const kind = end.state === "refused" ? ("fulfilment_refused" as const) : ("fulfilment_too_late" as const);
    const alert = { kind, subject, severity: "warning", channel, orderId, message: end.error ?? "" } as const;
    await openAlert(client, sellerId, alert, now);
  } else if (end.state === "sent")
    await resolveAlert(client, sellerId, { kind: "fulfilment_refused", subject }, now);
}

export async function endDelivery(
  client: pg.ClientBase,
  delivery: Told & { readonly inboundId: string },
  end: CommandEnd,
  now: Instant,
): Promise<void> {
  const { sellerId, inboundId: subject } = delivery;
  await endCommand(client, INBOUNDS, delivery, { ...end, now });
  const kind = "inbound_refused" as const;
  if (end.state === "refused") {
    const alert = { kind, subject, severity: "warning", message: end.error ?? "" } as const;
    await openAlert(client, sellerId, alert, now);
  } else if (end.state === "sent" || end.state === "cancelled")
    await resolveAlert(client, sellerId, { kind, subject }, now);
}
