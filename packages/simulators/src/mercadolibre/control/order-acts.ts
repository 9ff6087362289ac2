import { z } from "zod";

import { type ControlAnswer, invalidState, ok, withBody } from "../../control/control-answer.ts";
import {
  type Cancellation,
  cancelOrder,
  deliverOrder,
  failDelivery,
  forwardShipment,
  isCancelled,
  move,
  shipOrder,
  touchOrder,
} from "../orders/after-sale.ts";
import { payOrder } from "../orders/order-desk.ts";
import { type Order, orderStatuses, retagged } from "../orders/order.ts";
import { shipmentStatuses } from "../orders/shipment.ts";
import { halves, splitShipment, splittableOrders } from "../orders/split-desk.ts";
import { utcTime } from "../vendor/vendor-time.ts";
import type { World } from "../world.ts";
import { returnAct } from "./return-act.ts";

const gap = z.number().min(0).optional();

const cancelSchema = z.strictObject({
  requestedBy: z.enum(["buyer", "seller", "meli"]).optional(),
  code: z.string().optional(),
  group: z.string().optional(),
  description: z.string().optional(),
  restock: z.boolean().optional(),
  wallet: z.boolean().default(false),
  wholePack: z.boolean().default(false),
});

const shipSchema = z.strictObject({
  substatus: z.string().optional(),
  pickedUp: z.boolean().default(false),
});

const deliverSchema = z.strictObject({
  failed: z.boolean().default(false),
  substatus: z.string().optional(),
  restock: z.boolean().default(false),
});

const markSchema = z.strictObject({
  status: z.enum(orderStatuses).optional(),
  addTags: z.array(z.string()).default([]),
  removeTags: z.array(z.string()).default([]),
  shipment: z
    .strictObject({ status: z.enum(shipmentStatuses), substatus: z.string().nullable().default(null) })
    .optional(),
});

/** An order in short, as every act answers it. */
export function describeOrder(world: World, order: Order): Record<string, unknown> {
  return {
    orderId: order.id,
    packId: order.packId,
    status: order.status,
    shipmentStatus: forwardShipment(world, order)?.status ?? null,
    lastUpdated: utcTime(order.lastUpdatedAt),
  };
}

type Act = (world: World, order: Order, body: unknown) => ControlAnswer;

const pay: Act = (world, order, body) =>
  withBody(z.strictObject({ closingGapMs: gap }), body, ({ closingGapMs }) => {
    const waits = order.status === "payment_required" || order.status === "payment_in_process";
    if (!waits) return invalidState(`the order is ${order.status}`);
    payOrder(world, order, closingGapMs);
    return ok(describeOrder(world, order));
  });

/** The payment is rejected: the order waits for another one. */
const reject: Act = (world, order, body) =>
  withBody(z.strictObject({}), body, () => {
    if (order.closedAt !== null || isCancelled(order)) return invalidState(`the order is ${order.status}`);
    order.status = "payment_required";
    order.payment.status = "rejected";
    touchOrder(world, order);
    return ok(describeOrder(world, order));
  });

function packOf(world: World, order: Order): Order[] {
  const ids = (order.packId === null ? undefined : world.packs.get(order.packId)?.orderIds) ?? [order.id];
  return ids.flatMap((id) => world.orders.get(id) ?? []).filter((member) => !isCancelled(member));
}

const cancel: Act = (world, order, body) =>
  withBody(cancelSchema, body, ({ wholePack, ...cancellation }) => {
    if (isCancelled(order)) return invalidState("the order is cancelled already");
    if (cancellation.wallet && order.status !== "paid") return invalidState("only a paid order is refunded");
    const how: Cancellation = cancellation;
    for (const member of wholePack ? packOf(world, order) : [order]) cancelOrder(world, member, how);
    return ok(describeOrder(world, order));
  });

const ship: Act = (world, order, body) =>
  withBody(shipSchema, body, ({ substatus, pickedUp }) => {
    const shipment = forwardShipment(world, order);
    if (order.status !== "paid" || shipment?.status !== "ready_to_ship") {
      return invalidState(`the order is ${order.status}, its shipment ${shipment?.status ?? "not there"}`);
    }
    shipOrder(world, shipment, { pickedUp, substatus });
    return ok(describeOrder(world, order));
  });

const deliver: Act = (world, order, body) =>
  withBody(deliverSchema, body, ({ failed, substatus, restock }) => {
    const shipment = forwardShipment(world, order);
    if (
      order.status !== "paid" ||
      shipment === undefined ||
      !["ready_to_ship", "shipped"].includes(shipment.status)
    ) {
      return invalidState(`the order is ${order.status}, its shipment ${shipment?.status ?? "not there"}`);
    }
    if (failed) failDelivery(world, shipment, { substatus, restock });
    else deliverOrder(world, shipment);
    return ok(describeOrder(world, order));
  });

const sendBack: Act = (world, order, body) =>
  returnAct(world, order, body, (claim) =>
    ok({ ...describeOrder(world, order), claimId: claim.id, returnId: claim.returnId }),
  );

/** The marketplace takes the order's parcel apart. */
const split: Act = (world, order, body) =>
  withBody(z.strictObject({ gapMs: gap, reason: z.string().default("OTHER_MOTIVE") }), body, (how) => {
    const shipment = forwardShipment(world, order);
    if (shipment === undefined) return invalidState("the order has no shipment yet");
    const orders = splittableOrders(world, shipment);
    if (typeof orders === "string") return invalidState(orders);
    splitShipment(world, shipment, { ...how, groups: halves(orders) });
    return ok(describeOrder(world, order));
  });

/** Writes a state or tags on an order, or a state on its parcel, and does nothing else: for what the marketplace does rarely. */
const mark: Act = (world, order, body) =>
  withBody(markSchema, body, ({ status, addTags, removeTags, shipment: step }) => {
    const shipment = forwardShipment(world, order);
    if (step !== undefined && shipment === undefined) return invalidState("the order has no shipment yet");
    if (step !== undefined && shipment !== undefined) move(world, shipment, step.status, step.substatus);
    order.status = status ?? order.status;
    order.tags = retagged(order.tags, removeTags, addTags);
    touchOrder(world, order);
    return ok(describeOrder(world, order));
  });

/** What buyers, carriers and the marketplace do to an order, by the name of the call. */
export const orderActs: Partial<Record<string, Act>> = {
  pay,
  reject,
  cancel,
  ship,
  deliver,
  return: sendBack,
  split,
  mark,
};
