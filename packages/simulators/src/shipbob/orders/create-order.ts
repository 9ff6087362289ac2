import { z } from "zod";

import { acceptOrder } from "../../warehouse/order-acts.ts";
import type { Channel, Facility } from "../catalogue.ts";
import { instantIn } from "../vendor/query.ts";
import { answer, fieldErrors, type VendorAnswer, wrongBody } from "../vendor/vendor-answer.ts";
import type { World } from "../world.ts";
import { orderBody } from "./order-body.ts";
import type { OrderedProduct } from "./order.ts";

const required = z.string().min(1);
const quantity = z.number().int().min(1);

const addressSchema = z.looseObject({ address1: required, city: required, country: required });

const productSchema = z.union([
  z.looseObject({ id: z.number().int(), quantity, external_line_id: z.number().int().nullish() }),
  z.looseObject({
    reference_id: required,
    name: z.string().nullish(),
    quantity,
    external_line_id: z.number().int().nullish(),
  }),
]);

/** Which fields are required is documented; fields nobody checks here are taken as they come. */
const orderSchema = z.looseObject({
  reference_id: required.max(300),
  type: z.enum(["DTC", "DropShip", "B2B"]),
  shipping_method: required,
  recipient: z.looseObject({ name: required, address: addressSchema }),
  products: z.array(productSchema).min(1),
  order_number: z.string().nullish(),
  location_id: z.number().int().nullish(),
  purchase_date: z.string().nullish(),
  tags: z.array(z.unknown()).nullish(),
});

type OrderRequest = z.infer<typeof orderSchema>;

function readProduct(world: World, asked: OrderRequest["products"][number]): OrderedProduct | string {
  const { catalogue } = world;
  const externalLineId = asked.external_line_id ?? null;
  if ("id" in asked && typeof asked.id === "number") {
    const item = catalogue.byProduct(asked.id);
    if (item === undefined) return `No product ${asked.id}.`;
    const { sku, productId, name } = item;
    return { sku, referenceId: sku, productId, name, quantity: asked.quantity, externalLineId };
  }
  const reference = String(asked.reference_id);
  const known = catalogue.bySku(reference);
  const name = typeof asked.name === "string" ? asked.name : "";
  // Documented: the name is only needed where no product has that reference, since one is made then.
  if (known === undefined && name === "") return `The product ${reference} needs a name.`;
  const item = known ?? catalogue.ensure({ sku: reference, name, isUnknown: true });
  world.warehouse.items.add(item.sku);
  const { sku, productId } = item;
  return {
    sku,
    referenceId: reference,
    productId,
    name: item.name,
    quantity: asked.quantity,
    externalLineId,
  };
}

function fillableUnits(
  { warehouse }: World,
  facility: Facility,
  products: readonly OrderedProduct[],
): number {
  return products.reduce((sum, product) => {
    const stock = warehouse.stocks.get(JSON.stringify([facility.name, product.sku]));
    return sum + Math.min(product.quantity, stock === undefined ? 0 : stock.record.shelf - stock.allocated);
  }, 0);
}

/** The facility that can fill most of the order; the first of equals. */
function chooseFacility(world: World, products: readonly OrderedProduct[]): Facility | undefined {
  let best: { facility: Facility; units: number } | undefined;
  for (const facility of world.catalogue.facilities.values()) {
    const units = fillableUnits(world, facility, products);
    if (best === undefined || units > best.units) best = { facility, units };
  }
  return best?.facility;
}

/** `POST order`: taken in, promised from stock at once (ASSUMED: committed rises here), told as it stands. */
export function createOrder(world: World, channel: Channel, body: unknown): VendorAnswer {
  const parsed = orderSchema.safeParse(body ?? {});
  if (!parsed.success) return wrongBody(parsed.error);
  const request = parsed.data;
  // 422 for a reference that was used before, documented.
  if (world.orders.ofReference(channel.id, request.reference_id) !== undefined) {
    const message = `An order with reference_id ${request.reference_id} already exists.`;
    return fieldErrors(422, { reference_id: [message] });
  }
  const wanted = request.location_id ?? null;
  if (wanted !== null && !world.catalogue.facilities.has(wanted)) {
    return fieldErrors(422, { location_id: [`No location ${wanted}.`] });
  }
  const products = request.products.map((product) => readProduct(world, product));
  const wrong = products.find((product) => typeof product === "string");
  if (wrong !== undefined) return fieldErrors(422, { products: [wrong] });
  const ordered = products.filter((product) => typeof product !== "string");
  const facility = wanted === null ? chooseFacility(world, ordered) : world.catalogue.facilities.get(wanted);
  if (facility === undefined)
    return fieldErrors(422, { location_id: ["There is no location to ship from."] });
  return takeIn(world, { channel, request, ordered, facility });
}

interface Accepted {
  channel: Channel;
  request: OrderRequest;
  ordered: OrderedProduct[];
  facility: Facility;
}

function takeIn(world: World, { channel, request, ordered, facility }: Accepted): VendorAnswer {
  const id = world.ids.next("order");
  const purchasedAt = request.purchase_date ? (instantIn(request.purchase_date) ?? null) : null;
  const order = world.orders.add({
    id,
    worldId: String(id),
    channelId: channel.id,
    referenceId: request.reference_id,
    orderNumber: request.order_number ?? request.reference_id,
    type: request.type,
    shippingMethod: request.shipping_method,
    recipient: request.recipient,
    tags: request.tags ?? [],
    purchasedAt,
    products: ordered,
  });
  const outcome = acceptOrder(world.warehouse, {
    id: order.worldId,
    by: "api",
    facility: facility.name,
    lines: ordered.map((product) => ({ item: product.sku, units: product.quantity })),
  });
  if (!outcome.done) throw new Error(`the warehouse refused order ${id}: ${outcome.reason}`);
  return answer(orderBody(world, order), 201);
}
