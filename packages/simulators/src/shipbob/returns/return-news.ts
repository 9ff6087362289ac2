import type { WarehouseEvent } from "../../warehouse/journal.ts";
import type { World } from "../world.ts";
import { goodsBehind, returnBody } from "./return-body.ts";
import { type Return, returnStatus } from "./return-book.ts";

/** A parcel that stands there, announced by nobody through the API. */
function adopt(world: World, worldId: string, at: number): Return {
  const orderId = world.warehouse.returns.get(worldId)?.orderId ?? null;
  const order =
    orderId === null ? undefined : (world.orders.ofWorld(orderId) ?? world.orders.get(Number(orderId)));
  return world.returns.add({
    id: world.ids.next("return"),
    worldId,
    channelId: 0,
    referenceId: worldId,
    originalShipmentId: order?.shipments[0]?.id ?? null,
    storeOrderId: order?.referenceId ?? null,
    trackingNumber: null,
    requested: new Map(),
    createdAt: at,
  });
}

/** Follows what the warehouse does with returns, and tells of it. */
export function noteReturnEvent(world: World, event: WarehouseEvent): void {
  if (event.document?.kind !== "return") return;
  const { id: worldId } = event.document;
  const goods = world.returns.ofWorld(worldId) ?? adopt(world, worldId, event.at);
  const status = returnStatus(goodsBehind(world, goods));
  if (goods.history.at(-1)?.status !== status) goods.history.push({ status, at: event.at });
  if (event.act === "return_announced") world.webhooks.publish("return.created", returnBody(world, goods));
  else if (event.act === "return_closed")
    world.webhooks.publish("return.completed", returnBody(world, goods));
  else world.webhooks.publish("return.updated", returnBody(world, goods));
}
