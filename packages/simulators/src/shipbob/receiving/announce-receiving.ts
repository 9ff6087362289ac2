import { z } from "zod";

import { announceInbound } from "../../warehouse/inbound-acts.ts";
import { instantIn } from "../vendor/query.ts";
import { answer, badRequest, problem, type VendorAnswer, wrongBody } from "../vendor/vendor-answer.ts";
import type { World } from "../world.ts";
import { receivingBody } from "./receiving-body.ts";

/** Required fields are documented. */
const receivingSchema = z.looseObject({
  fulfillment_center: z.looseObject({ id: z.number().int() }),
  package_type: z.enum(["Package", "Pallet", "FloorLoadedContainer"]),
  box_packaging_type: z.enum(["EverythingInOneBox", "OneSkuPerBox", "MultipleSkuPerBox"]),
  expected_arrival_date: z.string().refine((text) => instantIn(text) !== undefined, "is not a date."),
  purchase_order_number: z.string().nullish(),
  boxes: z
    .array(
      z.looseObject({
        tracking_number: z.string().nullable(),
        box_items: z
          .array(z.looseObject({ inventory_id: z.number().int(), quantity: z.number().int().min(1) }))
          .min(1),
      }),
    )
    .min(1),
});

type ReceivingRequest = z.infer<typeof receivingSchema>;

function unitsPerItem(world: World, { boxes }: ReceivingRequest): Map<string, number> | undefined {
  const units = new Map<string, number>();
  for (const { inventory_id: id, quantity } of boxes.flatMap(({ box_items: items }) => items)) {
    const sku = world.catalogue.item(id)?.sku;
    if (sku === undefined) return undefined;
    units.set(sku, (units.get(sku) ?? 0) + quantity);
  }
  return units;
}

/** `POST receiving`: tells the warehouse what comes. */
export function announceReceiving(world: World, body: unknown): VendorAnswer {
  const parsed = receivingSchema.safeParse(body ?? {});
  if (!parsed.success) return wrongBody(parsed.error);
  const request = parsed.data;
  const facility = world.catalogue.facilities.get(request.fulfillment_center.id);
  if (facility === undefined) return problem(404, "Not Found", "No such fulfillment center.");
  const units = unitsPerItem(world, request);
  if (units === undefined) return badRequest("boxes", "An inventory_id is not known.");
  const id = world.ids.next("receiving");
  const order = world.receiving.add({
    id,
    worldId: String(id),
    purchaseOrderNumber: request.purchase_order_number ?? null,
    packageType: request.package_type,
    boxPackagingType: request.box_packaging_type,
    expectedAt: instantIn(request.expected_arrival_date) ?? world.clock.now(),
    boxes: request.boxes,
    createdAt: world.clock.now(),
  });
  for (const sku of units.keys()) world.warehouse.items.add(sku);
  const lines = [...units].map(([item, expected]) => ({ item, expected }));
  const outcome = announceInbound(world.warehouse, {
    id: String(id),
    by: "api",
    facility: facility.name,
    lines,
  });
  if (!outcome.done) throw new Error(`the warehouse refused receiving order ${id}: ${outcome.reason}`);
  return answer(receivingBody(world, order), 201);
}
