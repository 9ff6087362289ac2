import { z } from "zod";

import { code, instant, units, unitsOrNone } from "../../schema/fields.ts";

export const orderStatus = z.enum(["pending", "paid", "shipped", "cancelled"]);

const line = z.strictObject({
  lineId: code,
  sku: code.exactOptional(),
  listing: code
    .exactOptional()
    .meta({ description: "A listing of this channel. A line names a sku, a listing or both." }),
  quantity: units,
  cancelled: unitsOrNone.exactOptional().meta({ description: "Cumulative, as are shipped and returning." }),
  shipped: unitsOrNone.exactOptional(),
  returning: unitsOrNone.exactOptional().meta({ description: "On its way back." }),
  fulfilledBy: z
    .enum(["seller", "channel"])
    .exactOptional()
    .meta({ description: "channel (FBA, Full): recorded for the rate, moves nothing." }),
  location: code
    .exactOptional()
    .meta({ description: "Where it ships from; the shipsFrom of the channel, else main, if nobody says." }),
});

/** An order's state as a channel of the caller's own tells it. */
export const order = z
  .strictObject({
    channel: code.meta({ description: "Made at first use." }),
    orderId: code,
    status: orderStatus.meta({
      description: "shipped or cancelled without line figures means all of it.",
    }),
    updatedAt: instant.exactOptional().meta({
      description: "Orders the states: send it whenever you know it. Without it counts only move forward.",
    }),
    placedAt: instant.exactOptional(),
    closedAt: instant.exactOptional().meta({ description: "When it was shipped or cancelled." }),
    lines: z.array(line).min(1).max(1000),
    reservationId: code.exactOptional().meta({ description: "Turns that hold into this order's claim." }),
    doNotShip: z.boolean().exactOptional().meta({ description: "Fraud or address hold: stays committed." }),
    cancelRequested: z.boolean().exactOptional().meta({
      description: "The buyer asks to cancel: alarmed, and released only by the cancellation. Stays said.",
    }),
    cancelReason: z.enum(["no_stock", "other"]).exactOptional(),
    correction: z
      .boolean()
      .exactOptional()
      .meta({ description: "These counts replace higher ones said before. Needs updatedAt." }),
  })
  .meta({ id: "Order" });
