import type { FulfilmentOrder } from "../keeper/keeper.ts";

/** An order for a keeper's test, of one line. */
export function anOrder(
  asked: Pick<FulfilmentOrder, "reference" | "facility" | "placedAt"> & {
    readonly item: string;
    readonly units: number;
  },
): FulfilmentOrder {
  const { item, units, ...order } = asked;
  return {
    ...order,
    orderNumber: `111-${order.reference}`,
    lines: [{ lineId: "a", item, units }],
    shipTo: {
      name: "A B",
      address1: "1 Way",
      city: "Austin",
      region: "TX",
      postalCode: "78701",
      country: "US",
    },
    shippingMethod: null,
  };
}
