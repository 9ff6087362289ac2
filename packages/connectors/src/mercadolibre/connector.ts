import type { ConnectionAccess, Connector, ConnectorKind } from "../contract/connector.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import { authorization, type Credentials, credentialsSchema } from "./auth.ts";
import { capability, capabilityOf } from "./capability.ts";
import { createClient, type MercadoLibreClient } from "./client.ts";
import { ListingDesk } from "./listing-desk.ts";
import { listMissed } from "./missed-notices.ts";
import { OrderReader } from "./order-reader.ts";
import { SellerAccountReader } from "./seller-account.ts";
import { readSettings, type Settings, wrongAccess } from "./settings.ts";
import { placeOf, toChangedOrders, toSearch } from "./to-changed-orders.ts";
import { noticeOf, noticeOfOrder, readNotification } from "./to-notice.ts";
import { orderSearchSchema } from "./wire.ts";

export const mercadolibre: ConnectorKind = {
  capability,
  capabilityOf,
  readNotification,
  noticeOf,
  noticeOfOrder,
  authorization,
  connect(access) {
    const settings = readSettings(access.settings);
    const credentials = credentialsSchema.safeParse(access.credentials);
    if (!settings.ok) return settings;
    if (!credentials.success) return failed(wrongAccess("credentials", credentials.error));
    return succeeded(connectorOf(access, settings.value, credentials.data));
  },
};

function connectorOf(access: ConnectionAccess, settings: Settings, credentials: Credentials): Connector {
  const { connection, clock, tokens } = access;
  const { baseUrl, tokenUrl, timeoutMs, accountId = null, storeId = null } = settings;
  const client = createClient({
    baseUrl: new URL(baseUrl),
    tokenUrl: new URL(tokenUrl),
    credentials,
    tokens,
    timeoutMs,
    clock,
  });
  const account = new SellerAccountReader({ client, clock, accountId, storeId });
  const orders = new OrderReader({ home: { connection, storeId }, client, account, clock });
  const desk = new ListingDesk({ client, account, clock });
  return {
    readAccountId: () => account.readId(),
    fetchOrder: (orderId) => orders.read(orderId),
    listChangedOrders: (query) => listChangedOrders(client, account, query),
    async listMissedNotices(page) {
      const seller = await account.read();
      return seller.ok ? listMissed(client, credentials.clientId, seller.value, page) : seller;
    },
    readListings: (externalIds) => desk.read(externalIds),
    pushQuantity: (push) => desk.push(push),
  };
}

async function listChangedOrders(
  client: MercadoLibreClient,
  account: SellerAccountReader,
  query: Parameters<Connector["listChangedOrders"]>[0],
): ReturnType<Connector["listChangedOrders"]> {
  const accountId: Outcome<string> = await account.readId();
  if (!accountId.ok) return accountId;
  const place = placeOf(query.page);
  const page = await client.call(orderSearchSchema, toSearch(accountId.value, query, place));
  return page.ok ? succeeded(toChangedOrders(page.value, place)) : page;
}
