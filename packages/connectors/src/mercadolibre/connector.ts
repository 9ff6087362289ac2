import { z } from "zod";

import type {
  ChangedOrdersQuery,
  ConnectionAccess,
  Connector,
  ConnectorKind,
} from "../contract/connector.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import { credentialsSchema } from "./auth.ts";
import { capability } from "./capability.ts";
import { createClient, type MercadoLibreClient } from "./client.ts";
import * as inbound from "./to-inbound.ts";
import { parseExternalId, toPushRequest, toReceipt } from "./to-push.ts";
import * as wire from "./wire.ts";

const settingsSchema = z.object({
  baseUrl: z.url().default("https://api.mercadolibre.com"),
  tokenUrl: z.url().default("https://api.mercadolibre.com/oauth/token"),
  accountId: z.coerce.string().optional(),
  /** For one call, in milliseconds. */
  timeoutMs: z.number().int().positive().max(60_000).default(10_000),
});

export const mercadolibre: ConnectorKind = {
  capability,
  readNotification: inbound.readNotification,
  noticeOf: inbound.noticeOf,
  noticeOfOrder: inbound.noticeOfOrder,
  connect(access) {
    const settings = settingsSchema.safeParse(access.settings);
    const credentials = credentialsSchema.safeParse(access.credentials);
    if (!settings.success) return failed(wrong("settings", settings.error));
    if (!credentials.success) return failed(wrong("credentials", credentials.error));
    const { baseUrl, tokenUrl, accountId, timeoutMs } = settings.data;
    const client = createClient({
      baseUrl: new URL(baseUrl),
      tokenUrl: new URL(tokenUrl),
      credentials: credentials.data,
      tokens: access.tokens,
      timeoutMs,
      clock: access.clock,
    });
    return succeeded(connectorOn(client, access, accountId));
  },
};

function connectorOn(client: MercadoLibreClient, access: ConnectionAccess, accountId?: string): Connector {
  let account = accountId;

  const readAccountId = async (): Promise<Outcome<string>> => {
    if (account !== undefined) return succeeded(account);
    const user = await client.call(wire.userSchema, { method: "GET", path: "/users/me" });
    if (user.ok) account = user.value.id;
    return user.ok ? succeeded(user.value.id) : user;
  };

  const readShipment = async (order: wire.WireOrder): Promise<inbound.OrderView["shipment"]> => {
    const id = order.shipping?.id ?? null;
    if (id === null) return "none";
    // Without the header the old shape comes (FUSION).
    const call = { method: "GET", path: `/shipments/${id}`, headers: { "x-format-new": "true" } } as const;
    const shipment = await client.call(wire.shipmentSchema, call);
    return shipment.ok ? shipment.value : "unread";
  };

  return {
    readAccountId,

    async fetchOrder(orderId) {
      const order = await client.call(wire.orderSchema, {
        method: "GET",
        path: `/orders/${encodeURIComponent(orderId)}`,
      });
      if (!order.ok) return order;
      const shipment = await readShipment(order.value);
      return succeeded(
        inbound.toOrderReading(access.connection, { order: order.value, shipment }, access.clock.now()),
      );
    },

    async listChangedOrders(query) {
      const id = await readAccountId();
      if (!id.ok) return id;
      const page = await client.call(wire.orderSearchSchema, searchCall(id.value, query));
      return page.ok ? succeeded(inbound.toChangedOrders(page.value, Number(query.page ?? 0))) : page;
    },

    async readListings(externalIds) {
      const addresses = externalIds.map(parseExternalId);
      // One repeated id fails the whole call (GTIN).
      const asked = [...new Set(addresses.flatMap((address) => address?.itemId ?? []))];
      const id = await readAccountId();
      if (!id.ok) return externalIds.map(() => id);
      const query = { ids: asked.join(","), attributes: wire.ITEM_FIELDS };
      const rows =
        asked.length === 0
          ? succeeded([])
          : await client.call(wire.itemsBulkSchema, { method: "GET", path: "/items/bulk", query });
      if (!rows.ok) return externalIds.map(() => rows);
      return inbound.toListingReadings(addresses, externalIds, {
        asked,
        rows: rows.value,
        accountId: id.value,
      });
    },

    async pushQuantity(push) {
      const request = toPushRequest(push);
      if (!request.ok) return request;
      const written = await client.call(wire.writtenSchema, request.value);
      return written.ok ? succeeded(toReceipt(written.value, push.externalId)) : written;
    },
  };
}

const HOUR_MS = 3_600_000;
const PAGE_SIZE = 50;

/** Times are cut to the hour on their side, so ours are whole hours: `from` down, `to` up. */
function searchCall(accountId: string, { from, to, page }: ChangedOrdersQuery) {
  const hour = (hours: number): string => new Date(hours * HOUR_MS).toISOString();
  const query = {
    seller: accountId,
    "order.date_last_updated.from": hour(Math.floor(from / HOUR_MS)),
    ...(to === undefined ? {} : { "order.date_last_updated.to": hour(Math.ceil(to / HOUR_MS)) }),
    sort: "date_asc",
    limit: String(PAGE_SIZE),
    offset: page ?? "0",
  };
  return { method: "GET", path: "/orders/search", query } as const;
}

function wrong(what: string, error: z.ZodError) {
  const issue = error.issues[0];
  const message = `The connection's ${what} are wrong at ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`;
  return { kind: "auth", code: `wrong_${what}`, message } as const;
}
