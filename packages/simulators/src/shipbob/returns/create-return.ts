import { z } from "zod";

import { announceReturn } from "../../warehouse/return-acts.ts";
import type { Channel } from "../catalogue.ts";
import { answer, problem, type VendorAnswer } from "../vendor/vendor-answer.ts";
import { facilityWithId, itemWithId, type World } from "../world.ts";
import { returnBody } from "./return-body.ts";

/** Required fields are documented. */
const returnSchema = z.looseObject({
  reference_id: z.string().min(1).max(300),
  fulfillment_center: z.looseObject({ id: z.number().int() }),
  inventory: z
    .array(
      z.looseObject({
        id: z.number().int(),
        quantity: z.number().int().min(1),
        requested_action: z.enum(["Default", "Restock", "Quarantine", "Dispose"]),
      }),
    )
    .min(1),
  original_shipment_id: z.number().int().nullish(),
  tracking_number: z.string().nullish(),
});

type ReturnRequest = z.infer<typeof returnSchema>;

/** The shape of a 422 here is documented. */
function unprocessable(message: string): VendorAnswer {
  return { status: 422, body: { message, errors: [message], details: null, stackTrace: null } };
}

function refusalOf(world: World, channel: Channel, request: ReturnRequest): VendorAnswer | undefined {
  const ids = request.inventory.map(({ id }) => id);
  if (world.returns.ofReference(channel.id, request.reference_id) !== undefined) {
    return unprocessable(`A return with reference_id ${request.reference_id} already exists.`);
  }
  if (!world.catalogue.facilities.has(request.fulfillment_center.id)) {
    return unprocessable("The fulfillment center is not known.");
  }
  // An inventory id twice is an error, documented.
  if (new Set(ids).size < ids.length) return unprocessable("An inventory id is given more than once.");
  if (ids.some((id) => world.catalogue.item(id) === undefined))
    return unprocessable("An inventory id is not known.");
  const shipmentId = request.original_shipment_id ?? null;
  if (shipmentId !== null && world.orders.ofShipment(shipmentId)?.shipment.state !== "completed") {
    return unprocessable("The original shipment is not known or has not been shipped.");
  }
  return undefined;
}

/** `POST return`: tells the warehouse what comes back. */
export function createReturn(world: World, channel: Channel, body: unknown): VendorAnswer {
  const parsed = returnSchema.safeParse(body ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return problem(
      400,
      "Bad Request",
      issue === undefined ? "body" : `${issue.path.join(".")}: ${issue.message}`,
    );
  }
  const request = parsed.data;
  const refusal = refusalOf(world, channel, request);
  if (refusal !== undefined) return refusal;
  return takeIn(world, channel, request);
}

function takeIn(world: World, channel: Channel, request: ReturnRequest): VendorAnswer {
  const id = world.ids.next("return");
  const { original_shipment_id: shipmentId = null, tracking_number: trackingNumber = null } = request;
  const order = shipmentId === null ? null : (world.orders.ofShipment(shipmentId)?.order ?? null);
  const lines = request.inventory.map((line) => ({
    item: itemWithId(world, line.id).sku,
    expected: line.quantity,
    action: line.requested_action,
  }));
  const goods = world.returns.add({
    id,
    worldId: String(id),
    channelId: channel.id,
    referenceId: request.reference_id,
    originalShipmentId: shipmentId,
    storeOrderId: order === null ? null : order.referenceId,
    trackingNumber,
    requested: new Map(lines.map(({ item, action }) => [item, action])),
    createdAt: world.clock.now(),
  });
  for (const { item } of lines) world.warehouse.items.add(item);
  const outcome = announceReturn(world.warehouse, {
    id: String(id),
    by: "api",
    facility: facilityWithId(world, request.fulfillment_center.id).name,
    orderId: order === null ? null : order.worldId,
    lines,
  });
  if (!outcome.done) throw new Error(`the warehouse refused return ${id}: ${outcome.reason}`);
  return answer(returnBody(world, goods), 201);
}
