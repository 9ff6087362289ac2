import type { ConnectorError } from "../contract/connector-error.ts";
import type {
  ChangedOrdersQuery,
  ConnectionAccess,
  Connector,
  ConnectorKind,
} from "../contract/connector.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import { grantlessExchange, tokenExchange } from "./auth.ts";
import { capability } from "./capability.ts";
import { type AmazonClient, type ApiCall, createClient } from "./client.ts";
import { grantlessTokens } from "./grantless-tokens.ts";
import { createListingDesk } from "./listing-desk.ts";
import { type ConnectionParts, connectionOf, queueArnOf, queueOf } from "./settings.ts";
import { keepSubscription } from "./subscription-desk.ts";
import { toChangedOrders, toOrderReading } from "./to-inbound.ts";
import { accountIdOf, isOrderId, noticeOf, noticeOfOrder, readNotification } from "./to-notice.ts";
import type { SellerAccount } from "./to-push.ts";
import * as wire from "./wire.ts";

export const amazon: ConnectorKind = {
  capability,
  readNotification,
  noticeOf,
  noticeOfOrder,
  queueOf,
  connect(access) {
    const parts = connectionOf(access);
    if (!parts.ok) return parts;
    const client = createClient({
      ...parts.value,
      exchange: tokenExchange({ ...parts.value, clock: access.clock }),
      tokens: access.tokens,
      clock: access.clock,
      noteLimit: (budget, perMinute) => access.noteLimit?.(budget, perMinute),
    });
    return succeeded({
      ...connectorOn(client, access, parts.value.account),
      ...subscriptionKeeper(client, access, parts.value),
    });
  },
};

/** Grantless operations of the Notifications API take a token of this scope. */
const NOTIFICATIONS = "sellingpartnerapi::notifications";

function subscriptionKeeper(
  seller: AmazonClient,
  access: ConnectionAccess,
  parts: ConnectionParts,
): Pick<Connector, "keepSubscription"> {
  const { clock } = access;
  const queue = queueArnOf(access);
  if (queue.ok && queue.value === null) return {};
  const exchange = grantlessExchange({ ...parts, clock }, NOTIFICATIONS);
  const app = createClient({ ...parts, exchange, tokens: grantlessTokens(clock), clock });
  const { marketplaceId } = parts.account;
  return {
    keepSubscription: async () =>
      queue.ok ? keepSubscription({ seller, app }, { queueArn: queue.value ?? "", marketplaceId }) : queue,
  };
}

/** Without FULFILLMENT an order has no status, without CANCELLATION no word on who cancelled. */
const ORDER_DATA = "FULFILLMENT,CANCELLATION";

function connectorOn(client: AmazonClient, access: ConnectionAccess, account: SellerAccount): Connector {
  const owner = { connection: access.connection, marketplaceId: account.marketplaceId };
  const listings = createListingDesk(client, account);
  let isChecked = false;

  return {
    async readAccountId() {
      // 0.016 calls a second: asked once.
      const checked = isChecked ? succeeded(null) : await checkMarketplace(client, account);
      isChecked ||= checked.ok;
      return checked.ok ? succeeded(accountIdOf(account)) : checked;
    },

    async fetchOrder(orderId) {
      if (!isOrderId(orderId)) return failed(notAnOrder(orderId));
      const answer = await client.call(wire.orderAnswerSchema, {
        method: "GET",
        path: `/orders/2026-01-01/orders/${encodeURIComponent(orderId)}`,
        query: { includedData: ORDER_DATA },
        budget: "orders",
      });
      return answer.ok ? toOrderReading(owner, answer.value.order) : answer;
    },

    async listChangedOrders(query) {
      const { call, pageAfter } = searchCall(account, query, access.clock.now());
      let answeredAt: number | null = null;
      const onAnsweredAt = (instant: number): void => void (answeredAt = instant);
      const search = await client.call(wire.orderSearchSchema, { ...call, onAnsweredAt });
      return search.ok ? succeeded(toChangedOrders(owner, search.value, { pageAfter, answeredAt })) : search;
    },

    readListings: (externalIds) => listings.read(externalIds),
    pushQuantity: (push) => listings.push(push),
  };
}

/** Whether the account sells in the marketplace. An application without the role that may ask this stays unchecked. */
async function checkMarketplace(
  client: AmazonClient,
  { marketplaceId }: SellerAccount,
): Promise<Outcome<null>> {
  const call = { method: "GET", path: "/sellers/v1/marketplaceParticipations" } as const;
  const answer = await client.call(wire.participationsSchema, call);
  if (!answer.ok)
    return answer.error.kind === "rejected" && answer.error.status === 403 ? succeeded(null) : answer;
  const found = answer.value.payload.find(({ marketplace }) => marketplace.id === marketplaceId);
  if (found !== undefined && found.participation?.isParticipating !== false) return succeeded(null);
  const message = `The account does not sell in ${marketplaceId}: check marketplaceId, and that baseUrl is its region's.`;
  return failed({ kind: "auth", code: "wrong_settings", message });
}

/** Documented: `…Before` lies at least two minutes back. A little more, for clocks that differ. In milliseconds. */
const BEFORE_MIN_MS = 125_000;

/**
 * A token of a next page is good for a query that is repeated word for word, so a page is named by the end of its window, which
 * depends on the clock, and the token. `from` is repeated by the caller.
 */
function searchCall({ marketplaceId }: SellerAccount, { from, to, page }: ChangedOrdersQuery, now: number) {
  const [, given, token] = /^(\S*) (.*)$/s.exec(page ?? "") ?? [];
  const isEnded = to !== undefined && to <= now - BEFORE_MIN_MS && to >= from;
  const before = given ?? (isEnded ? new Date(to).toISOString() : "");
  const query = {
    lastUpdatedAfter: new Date(from).toISOString(),
    ...(before === "" ? {} : { lastUpdatedBefore: before }),
    marketplaceIds: marketplaceId,
    maxResultsPerPage: "100",
    includedData: ORDER_DATA,
    ...(token === undefined ? {} : { paginationToken: token }),
  };
  const call: ApiCall = { method: "GET", path: "/orders/2026-01-01/orders", query, budget: "orderLists" };
  return { call, pageAfter: (next: string) => `${before} ${next}` };
}

function notAnOrder(orderId: string): ConnectorError {
  const message = `${JSON.stringify(orderId.slice(0, 50))} is no order of Amazon: 123-1234567-1234567.`;
  return { kind: "rejected", code: "unknown_order_id", message };
}
