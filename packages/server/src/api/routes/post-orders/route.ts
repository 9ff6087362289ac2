import { defineBatchRoute } from "../../route/batch-route.ts";
import { order } from "./schema.ts";

export const postOrders = defineBatchRoute({
  method: "POST",
  path: "/v1/orders",
  access: "operate",
  tag: "Orders",
  summary: "Report the state of orders from a channel of your own",
  description:
    "State, not event: send an order again whenever it changes; repeats and late arrivals do no harm. Orders are facts and are always recorded. A line that names nothing known is answered in `unmapped`, alarmed, and posted in full the moment it is mapped.",
  example: {
    orders: [
      {
        channel: "web",
        orderId: "A-1",
        status: "paid",
        updatedAt: "2026-11-23T10:00:00Z",
        placedAt: "2026-11-23T09:59:30Z",
        lines: [
          {
            lineId: "1",
            sku: "KB-M",
            quantity: 2,
            cancelled: 0,
            shipped: 0,
            returning: 0,
            fulfilledBy: "seller",
          },
        ],
      },
    ],
  },
  problems: ["unknown_location", "unknown_reservation", "reservation_ended", "occurred_in_future"],
  name: "orders",
  item: order,
  command: (item) => ({ kind: "order", source: "api", order: item }),
});
