import type { Keeper, KeeperAccess, KeeperAccount, KeeperKind } from "../contract/keeper/keeper.ts";
import { type Outcome, succeeded } from "../contract/outcome.ts";
import { tokenExchange } from "./auth.ts";
import { capability } from "./capability.ts";
import { collectChanges } from "./change-log.ts";
import { createClient, type ShipHeroClient } from "./client.ts";
import { CreditMeter } from "./credit-meter.ts";
import { readDelivery } from "./delivery.ts";
import { listDocuments } from "./document-lists.ts";
import { InboundDesk } from "./inbound-desk.ts";
import { readLevels } from "./level-reader.ts";
import { OrderDesk } from "./order-desk.ts";
import { ACCOUNT } from "./queries.ts";
import { type ConnectionParts, connectionOf } from "./settings.ts";
import { SnapshotReader } from "./snapshot-reader.ts";
import { keepSubscription } from "./subscription-desk.ts";
import { numberOf } from "./vendor-id.ts";
import { accountSchema } from "./wire.ts";

export const shiphero: KeeperKind = {
  capability,
  readDelivery,
  connect(access) {
    const parts = connectionOf(access);
    return parts.ok ? succeeded(keeperOn(parts.value, access)) : parts;
  },
};

function keeperOn(parts: ConnectionParts, access: KeeperAccess): Keeper {
  const { clock, tokens } = access;
  const meter = new CreditMeter(parts.creditsPerSecond, (budget, perMinute) =>
    access.noteLimit?.(budget, perMinute),
  );
  const exchange = tokenExchange({ ...parts, clock });
  const client = createClient({ ...parts, exchange, tokens, meter });
  const orders = new OrderDesk(client, parts);
  const inbounds = new InboundDesk(client, parts.timeZone);
  const isByJob = parts.fullLevels === "snapshot";
  const email = parts.snapshotEmail ?? null;
  const snapshots = isByJob ? new SnapshotReader({ ...parts, client, email, clock }) : null;
  const { timeZone, shopName } = parts;
  return {
    readAccount: () => readAccount(client),
    readLevels: (query) => readLevels({ client, snapshots, clock }, query),
    collect: (query) => collectChanges({ client, timeZone, clock }, query),
    listDocuments: (query) => listDocuments({ client, orders, inbounds, timeZone }, query),
    readOrder: (query) => orders.read(query),
    createOrder: (order) => orders.create(order),
    cancelOrder: (order) => orders.cancel(order),
    announceInbound: (inbound) => inbounds.announce(inbound),
    cancelInbound: (inbound) => inbounds.cancel(inbound),
    keepSubscription: (query) => keepSubscription(client, { ...query, shopName }),
  };
}

async function readAccount(client: ShipHeroClient): Promise<Outcome<KeeperAccount>> {
  const account = await client.call(accountSchema, { query: ACCOUNT, budget: "reads" });
  if (!account.ok) return account;
  const { id, warehouses } = account.value.account.data;
  return succeeded({
    accountId: numberOf(id),
    facilities: warehouses.map((warehouse) => {
      const facility = numberOf(warehouse.id);
      return { facility, title: warehouse.identifier || facility };
    }),
  });
}
