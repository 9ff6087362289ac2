import { purchaseOrderMutations } from "../inbound/purchase-order-mutations.ts";
import { purchaseOrderQueries } from "../inbound/purchase-order-queries.ts";
import { inventoryMutations } from "../inventory/inventory-mutations.ts";
import { inventoryQueries } from "../inventory/inventory-queries.ts";
import { orderMutations } from "../orders/order-mutations.ts";
import { orderQueries } from "../orders/order-queries.ts";
import { returnQueries } from "../returns/return-queries.ts";
import { snapshotResolvers } from "../snapshots/snapshot-resolvers.ts";
import { webhookResolvers } from "../webhooks/webhook-resolvers.ts";
import { accountResolvers } from "./account-resolvers.ts";

/** Every top-level field. */
export const resolvers = {
  ...accountResolvers,
  ...inventoryQueries,
  ...inventoryMutations,
  ...orderQueries,
  ...orderMutations,
  ...purchaseOrderQueries,
  ...purchaseOrderMutations,
  ...returnQueries,
  ...snapshotResolvers,
  ...webhookResolvers,
};
