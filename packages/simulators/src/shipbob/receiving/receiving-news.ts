import type { WarehouseEvent } from "../../warehouse/journal.ts";
import type { World } from "../world.ts";

/** Follows what the warehouse does with deliveries. One that it announced by itself came from the dashboard. */
export function noteInboundEvent(world: World, event: WarehouseEvent): void {
  if (event.document?.kind !== "inbound") return;
  const { id: worldId } = event.document;
  const inbound = world.warehouse.inbounds.get(worldId);
  if (inbound === undefined) throw new Error(`the warehouse has no inbound ${worldId}`);
  const order =
    world.receiving.ofWorld(worldId) ??
    world.receiving.add({
      id: world.ids.next("receiving"),
      worldId,
      purchaseOrderNumber: worldId,
      packageType: "Package",
      boxPackagingType: "EverythingInOneBox",
      expectedAt: event.at,
      boxes: [],
      createdAt: event.at,
    });
  world.receiving.follow(order, inbound, event);
}
