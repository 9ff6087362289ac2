// What keepers are to be told of deliveries: those announced that they do not know, and those that will not come after all.
import type { KeeperKind } from "@onepool/connectors/contract/keeper/keeper.ts";
import { planAnnouncement } from "@onepool/core/publish/fulfilment/plan-announcement.ts";
import type pg from "pg";

import { inTransaction } from "../../connections/in-transaction.ts";
import { INBOUNDS, takeBack } from "./command-store.ts";
import { announceDelivery, type KeeperDelivery, readDeliveries } from "./inbound-store.ts";
import { itemOf } from "./item-of.ts";

/** The longest reference that every keeper takes. */
const REFERENCE_MAX = 40;

/** Writes down what is to be told; answers how much it is. */
export async function planDeliveries(
  pool: pg.Pool,
  kinds: ReadonlyMap<string, KeeperKind>,
  now: number,
): Promise<number> {
  let planned = 0;
  for (const delivery of await readDeliveries(pool, kinds)) {
    const plan = planAnnouncement(delivery, delivery.told);
    if (plan.takeBack.length === 0 && !plan.announces) continue;
    planned += 1;
    await inTransaction(pool, async (client) => {
      for (const reference of plan.takeBack)
        await takeBack(client, INBOUNDS, { sellerId: delivery.sellerId, reference }, now);
      if (!plan.announces) return;
      const items = delivery.expected.map(({ sku, units }) => ({ item: itemOf(delivery.map, sku), units }));
      await announceDelivery(client, delivery, {
        reference: referenceOf(delivery),
        items,
        isTold: kinds.get(delivery.kind)?.capability.inbounds !== "fetched",
        now,
      });
    });
  }
  return planned;
}

/** The seller's own id where it fits, so that the people at the keeper find it; counted up when it is told anew. */
function referenceOf({ inboundId, createdSeq, told }: KeeperDelivery): string {
  const base =
    inboundId.length <= REFERENCE_MAX - 4 ? inboundId : `IN-${createdSeq.toString(36).toUpperCase()}`;
  return told.length === 0 ? base : `${base}-${told.length + 1}`;
}
