import { z } from "zod";

import { invalidInput, type VendorAnswer } from "../vendor/vendor-answer.ts";
import { readTime } from "../vendor/vendor-time.ts";
import type { World } from "../world.ts";
import { type Parcel, shipParcel } from "./after-sale.ts";
import { recordOrder } from "./order-change.ts";
import type { Order } from "./order.ts";

const text = z.string().min(1);

/** `ConfirmShipmentRequest` of Orders v0; that unknown fields are refused is ASSUMED. */
const confirmationSchema = z.strictObject({
  marketplaceId: text,
  codCollectionMethod: z.literal("DirectPayment").optional(),
  packageDetail: z.strictObject({
    packageReferenceId: z.string().regex(/^[1-9]\d*$/),
    carrierCode: text,
    carrierName: text.optional(),
    shippingMethod: text.optional(),
    trackingNumber: text,
    shipDate: text,
    shipFromSupplySourceId: text.optional(),
    orderItems: z
      .array(
        z.strictObject({
          orderItemId: text,
          quantity: z.number().int().min(1),
          transparencyCodes: z.array(text).optional(),
        }),
      )
      .min(1),
  }),
});

type Confirmation = z.infer<typeof confirmationSchema>;

/** The parcel's contents, or what is wrong with them. */
function contentsOf(order: Order, { packageDetail }: Confirmation): Parcel["contents"] | string {
  const contents: Parcel["contents"] = [];
  for (const { orderItemId, quantity } of packageDetail.orderItems) {
    const item = order.items.find((candidate) => candidate.orderItemId === orderItemId);
    if (item === undefined) return `The order has no item '${orderItemId}'.`;
    if (contents.some((other) => other.item === item)) return `The item '${orderItemId}' is given twice.`;
    if (item.cancellation !== null) return `The item '${orderItemId}' is cancelled.`;
    if (quantity > item.quantity - item.shipped)
      return `The quantity of the item '${orderItemId}' is too large.`;
    contents.push({ item, quantity });
  }
  return contents;
}

function refusalOf(order: Order, { marketplaceId, packageDetail }: Confirmation): string | undefined {
  if (marketplaceId !== order.marketplaceId) return "The order was placed in another marketplace.";
  if (order.fulfilledBy !== "MERCHANT") return "The order is fulfilled by Amazon.";
  if (packageDetail.carrierCode === "Other" && packageDetail.carrierName === undefined) {
    return "'carrierName' is required when 'carrierCode' is 'Other'.";
  }
  return readTime(packageDetail.shipDate) === undefined ? "'shipDate' is not an ISO 8601 date." : undefined;
}

/** Ships what a confirmation says, or tells why not. A package confirmed again only changes its label (ASSUMED). */
function ship(world: World, order: Order, confirmation: Confirmation): string | undefined {
  const detail = confirmation.packageDetail;
  const { packageReferenceId } = detail;
  const label = { carrier: detail.carrierName ?? detail.carrierCode, trackingNumber: detail.trackingNumber };
  const known = order.packages.find((parcel) => parcel.packageReferenceId === packageReferenceId);
  if (known !== undefined) {
    Object.assign(known, label);
    recordOrder(world, order);
    return undefined;
  }
  if (order.status !== "UNSHIPPED" && order.status !== "PARTIALLY_SHIPPED") {
    return "The order cannot be shipped in its current status.";
  }
  const contents = contentsOf(order, confirmation);
  if (typeof contents === "string") return contents;
  const shippedAt = readTime(detail.shipDate) ?? world.clock.now();
  shipParcel(world, order, { packageReferenceId, ...label, shippedAt, contents });
  return undefined;
}

/** `confirmShipment`. ASSUMED: the texts. */
export function confirmShipment(world: World, order: Order, body: unknown): VendorAnswer {
  const parsed = confirmationSchema.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return invalidInput(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
  }
  const refusal = refusalOf(order, parsed.data) ?? ship(world, order, parsed.data);
  return refusal === undefined ? { status: 204 } : invalidInput(refusal);
}
