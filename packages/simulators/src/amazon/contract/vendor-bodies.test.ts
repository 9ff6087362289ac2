import { describe, expect, test } from "vitest";

import type { AmazonOptions } from "../start.ts";
import { CANADA, call, SKU, startTestAmazon, type TestAmazon, US } from "../test-amazon.ts";
import { type OfficialModels, readOfficialModels } from "./official-model.ts";
import { isReferenceMissing, MISSING_REASON } from "./reference-folder.ts";

// Every body that the simulator answers with, held against Amazon's own models. Fields that the models do not know fail.

type Ask = (method: string, path: string, body?: unknown) => Promise<number>;

interface Held {
  amazon: TestAmazon;
  /** As the seller; fails unless the answer, and the body if it was taken, is as the models say. */
  seller: Ask;
  /** As the app alone. */
  app: Ask;
  stranger: Ask;
  /** `operation status` of everything asked. */
  asked: Set<string>;
  /** The last answer's body. */
  last: { body: unknown };
}

const listings = [
  { listing: SKU, availableQuantity: 100, leadTimeDays: 2 },
  { listing: "KB/M #1 blue", availableQuantity: 1 },
  { listing: "FBA-1", availableQuantity: 9, fulfilledBy: "AMAZON" as const, fba: { inboundShipped: 3 } },
  { listing: "GONE", availableQuantity: 5, suppressed: true },
];

let models: OfficialModels | undefined;

async function held(options: AmazonOptions = {}): Promise<Held> {
  models ??= readOfficialModels();
  const official = models;
  const amazon = await startTestAmazon({
    accounts: [
      { account: "us-1", marketplaceIds: [US, CANADA], listings },
      { account: "us-2", listings: [] },
    ],
    ...options,
    settings: {
      orderSearchLagMs: 0,
      limits: { factor: 1_000 },
      writeApplyMs: { min: 0, max: 0 },
    },
  });
  const asked = new Set<string>();
  const last: Held["last"] = { body: undefined };
  const asking =
    (token: () => Promise<string>): Ask =>
    async (method, path, body) => {
      const more = body === undefined ? {} : { body };
      const answer = await call(amazon.url + path, method, { token: await token(), ...more });
      const { operation, problems } = official.check({
        method,
        path: path.split("?")[0] ?? "",
        requestBody: body,
        status: answer.status,
        responseBody: answer.body,
      });
      expect(problems, `${method} ${path} -> ${answer.status} ${answer.text}`).toEqual([]);
      asked.add(`${operation} ${answer.status}`);
      last.body = answer.body;
      return answer.status;
    };
  const { clientId: client_id, clientSecret: client_secret } = amazon.first;
  const scope = "sellingpartnerapi::notifications";
  const form = { grant_type: "client_credentials", scope, client_id, client_secret };
  const grantless = async (): Promise<string> =>
    (await call<{ access_token: string }>(amazon.tokenUrl, "POST", { form })).body.access_token;
  return {
    amazon,
    seller: asking(async () => amazon.first.accessToken),
    app: asking(grantless),
    stranger: asking(async () => "Atza|stranger"),
    asked,
    last,
  };
}

/** Orders in every state that there is, oldest first. */
async function ordersInEveryState({ amazon }: Held): Promise<string[]> {
  const act = async (id: string, name: string, body: object = {}): Promise<void> => {
    const answer = await amazon.sim("POST", `/orders/${id}/${name}`, body);
    expect(answer.status, answer.text).toBe(200);
  };
  const pending = await amazon.buy(SKU, 1, { closingGapMs: 86_400_000 });
  const unpaid = await amazon.buy(SKU, 1, { pay: false });
  const preordered = await amazon.buy(SKU, 1, { preorder: true });
  const [paid, asksToCancel, partly, shipped, delivered, cancelled, bySeller, byAmazon] = await Promise.all(
    Array.from({ length: 8 }, () => amazon.buy(SKU, 3, { closingGapMs: 0 })),
  );
  const cart = await amazon.buy(SKU, 2, {
    closingGapMs: 0,
    items: [{ listing: "KB/M #1 blue", quantity: 1 }],
  });
  const fba = await amazon.buy("FBA-1", 1, { closingGapMs: 0 });
  const elsewhere = await amazon.buy("FBA-1", 1, { closingGapMs: 0, nonAmazon: true });
  const replacement = await amazon.buy(SKU, 1, { closingGapMs: 0, replaces: paid });
  amazon.clock.advance(10_000);
  const orders = [pending, unpaid, paid, asksToCancel, partly, shipped, delivered, cancelled, bySeller];
  const ids = [...orders, byAmazon, cart, fba, elsewhere, replacement, preordered].map(String);
  await act(elsewhere, "strand");
  await act(String(asksToCancel), "request-cancel");
  const [item] = (await amazon.order(String(partly))).orderItems;
  await act(String(partly), "ship", { items: [{ orderItemId: item?.orderItemId, quantity: 1 }] });
  await act(String(shipped), "ship");
  await act(String(delivered), "ship");
  await act(String(delivered), "deliver");
  await act(String(cancelled), "cancel", { requestedBy: "buyer" });
  await act(String(bySeller), "cancel", { requestedBy: "seller" });
  await act(String(byAmazon), "cancel", { requestedBy: "amazon" });
  const [first] = (await amazon.order(cart)).orderItems;
  await act(cart, "cancel", { requestedBy: "seller", items: [first?.orderItemId] });
  return ids;
}

const ALL_ORDER_DATA = "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES";
const ORDERS = "/orders/2026-01-01/orders";
const ALL_LISTING_DATA = "summaries,attributes,issues,offers,fulfillmentAvailability";

describe("bodies", () => {
  test("of orders, in every state, with and without what may be asked for", async ({ skip }) => {
    skip(isReferenceMissing, MISSING_REASON);
    const market = await held();
    const { seller, stranger, last } = market;
    const ids = await ordersInEveryState(market);
    const statuses = new Set<unknown>();
    for (const id of ids) {
      expect(await seller("GET", `${ORDERS}/${id}`)).toBe(200);
      expect(await seller("GET", `${ORDERS}/${id}?includedData=${ALL_ORDER_DATA}`)).toBe(200);
      const { order } = last.body as { order: { fulfillment: { fulfillmentStatus: string } } };
      statuses.add(order.fulfillment.fulfillmentStatus);
    }
    const every = ["PENDING_AVAILABILITY", "PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED"];
    expect(statuses).toEqual(new Set([...every, "CANCELLED", "UNFULFILLABLE"]));
    const since = `createdAfter=2026-11-20T00:00:00Z&marketplaceIds=${US}`;
    const page = `${ORDERS}?${since}&maxResultsPerPage=5&includedData=FULFILLMENT,CANCELLATION`;
    expect(await seller("GET", page)).toBe(200);
    const { pagination } = last.body as { pagination: { nextToken: string } };
    expect(await seller("GET", `${page}&paginationToken=${encodeURIComponent(pagination.nextToken)}`)).toBe(
      200,
    );
    expect(await seller("GET", `${ORDERS}?lastUpdatedAfter=2026-11-20T00:00:00Z`)).toBe(200);
    expect(await seller("GET", `${ORDERS}?lastUpdatedAfter=2027-11-20T00:00:00Z`)).toBeLessThan(500);
    expect(await seller("GET", `${ORDERS}?includedData=NONSENSE`)).toBe(400);
    expect(await seller("GET", `${ORDERS}/000-0000000-0000000`)).toBe(404);
    expect(await stranger("GET", `${ORDERS}/${ids[0]}`)).toBe(403);
  });

  test("of listings: read, searched, patched, refused", async ({ skip }) => {
    skip(isReferenceMissing, MISSING_REASON);
    const { amazon, seller, stranger, asked } = await held();
    for (const { listing } of listings) {
      expect(await seller("GET", amazon.skuPath(listing))).toBe(200);
      const everything = `marketplaceIds=${US}&includedData=${ALL_LISTING_DATA}&issueLocale=en_US`;
      expect(await seller("GET", amazon.skuPath(listing, everything))).toBe(200);
    }
    const search = `/listings/2021-08-01/items/${amazon.first.sellerId}?marketplaceIds=${US}`;
    expect(await seller("GET", `${search}&pageSize=2&includedData=${ALL_LISTING_DATA}`)).toBe(200);
    expect(await seller("GET", `${search}&identifiers=${SKU}&identifiersType=SKU`)).toBe(200);
    expect(await seller("GET", `${search}&pageSize=50`)).toBe(400);
    const quantityPatch = (op: string, value: object): object => ({
      productType: "PRODUCT",
      patches: [{ op, path: "/attributes/fulfillment_availability", value: [value] }],
    });
    const good = { fulfillment_channel_code: "DEFAULT", quantity: 5 };
    expect(await seller("PATCH", amazon.skuPath("KB/M #1 blue"), quantityPatch("merge", good))).toBe(200);
    expect(await seller("PATCH", amazon.skuPath(SKU), quantityPatch("replace", good))).toBe(200);
    const preview = `marketplaceIds=${US}&mode=VALIDATION_PREVIEW&includedData=issues,identifiers`;
    expect(await seller("PATCH", amazon.skuPath(SKU, preview), quantityPatch("merge", good))).toBe(200);
    // Answered with 200 and INVALID, so the body is still one that the model allows.
    for (const bad of [{ quantity: 5 }, { ...good, quantity: -1 }, { ...good, quantity: "5" }]) {
      expect(await seller("PATCH", amazon.skuPath(SKU), quantityPatch("merge", bad))).toBe(200);
    }
    expect(await seller("PATCH", amazon.skuPath(SKU), quantityPatch("increment", good))).toBe(400);
    expect(await seller("PATCH", amazon.skuPath(SKU), {})).toBe(400);
    expect(await seller("GET", amazon.skuPath("NOBODY"))).toBe(404);
    expect(await stranger("GET", amazon.skuPath(SKU))).toBe(403);
    expect(asked).toContain("patchListingsItem 200");
  });

  test("of participations and FBA summaries", async ({ skip }) => {
    skip(isReferenceMissing, MISSING_REASON);
    const { seller, stranger } = await held();
    expect(await seller("GET", "/sellers/v1/marketplaceParticipations")).toBe(200);
    expect(await stranger("GET", "/sellers/v1/marketplaceParticipations")).toBe(403);
    const summaries = `/fba/inventory/v1/summaries?granularityType=Marketplace&granularityId=${US}&marketplaceIds=${US}`;
    expect(await seller("GET", summaries)).toBe(200);
    expect(await seller("GET", `${summaries}&details=true`)).toBe(200);
    expect(await seller("GET", "/fba/inventory/v1/summaries")).toBe(400);
  });

  test("of a confirmed shipment, with the operation that outlives Orders v0", async ({ skip }) => {
    skip(isReferenceMissing, MISSING_REASON);
    const { amazon, seller } = await held();
    const id = await amazon.buy(SKU, 2, { closingGapMs: 0 });
    const [item] = (await amazon.order(id)).orderItems;
    const confirmation = (packageReferenceId: string, quantity: number): object => ({
      marketplaceId: US,
      packageDetail: {
        packageReferenceId,
        carrierCode: "UPS",
        trackingNumber: "1Z",
        shipDate: "2026-11-23T10:20:30Z",
        orderItems: [{ orderItemId: item?.orderItemId, quantity }],
      },
    });
    const path = `/orders/v0/orders/${id}/shipmentConfirmation`;
    expect(await seller("POST", path, confirmation("1", 2))).toBe(204);
    expect(await seller("POST", path, confirmation("2", 1))).toBe(400);
  });

  test("of the Notifications API, granted and refused", async ({ skip }) => {
    skip(isReferenceMissing, MISSING_REASON);
    const { seller, app, last } = await held({ accounts: [{ account: "us-1", subscriptions: [] }] });
    const destinations = "/notifications/v1/destinations";
    const type = "/notifications/v1/subscriptions/ORDER_CHANGE";
    const sqs = { arn: "arn:aws:sqs:us-east-1:123456789012:inv" };
    expect(await app("POST", destinations, { name: "inv", resourceSpecification: { sqs } })).toBe(200);
    const { destinationId } = (last.body as { payload: { destinationId: string } }).payload;
    expect(await app("POST", destinations, { name: "inv", resourceSpecification: { sqs } })).toBe(409);
    const eventBridge = { region: "us-east-1", accountId: "123456789012" };
    expect(await app("POST", destinations, { name: "bus", resourceSpecification: { eventBridge } })).toBe(
      200,
    );
    expect(await app("POST", destinations, {})).toBe(400);
    expect(await app("GET", destinations)).toBe(200);
    expect(await app("GET", `${destinations}/${destinationId}`)).toBe(200);
    expect(await app("GET", `${destinations}/nobody`)).toBe(404);
    const eventFilter = { eventFilterType: "ORDER_CHANGE", marketplaceIds: [US] };
    const wish = { payloadVersion: "1.0", destinationId, processingDirective: { eventFilter } };
    expect(await seller("GET", type)).toBe(404);
    expect(await seller("POST", type, wish)).toBe(200);
    const { subscriptionId } = (last.body as { payload: { subscriptionId: string } }).payload;
    expect(await seller("POST", type, wish)).toBe(409);
    expect(await seller("POST", type, { ...wish, payloadVersion: "7" })).toBe(400);
    expect(await app("POST", type, wish)).toBe(403);
    expect(await seller("GET", type)).toBe(200);
    expect(await seller("GET", "/notifications/v1/subscriptions?notificationTypes=ORDER_CHANGE")).toBe(200);
    expect(await app("GET", `${type}/${subscriptionId}`)).toBe(200);
    const testNotification = { payloadVersion: "1.0", testScenario: "any" };
    expect(await app("POST", `${type}/testNotification`, { destinationId, testNotification })).toBe(200);
    expect(await app("DELETE", `${destinations}/${destinationId}`)).toBe(409);
    expect(await app("DELETE", `${type}/${subscriptionId}`)).toBe(200);
    expect(await app("DELETE", `${destinations}/${destinationId}`)).toBe(200);
  });

  test("of quotas, failures and expired tokens", async ({ skip }) => {
    skip(isReferenceMissing, MISSING_REASON);
    const market = await held();
    const { amazon, seller } = market;
    const strike = (rule: object): Promise<unknown> =>
      amazon.sim("PUT", "/faults", { api: [{ ...rule, times: 1 }] });
    await strike({ kind: "rateLimited" });
    expect(await seller("GET", amazon.skuPath(SKU))).toBe(429);
    await strike({ kind: "serverError", status: 503 });
    expect(await seller("GET", amazon.skuPath(SKU))).toBe(503);
    await strike({ kind: "serverError" });
    expect(await seller("GET", `${ORDERS}?createdAfter=2026-11-20T00:00:00Z`)).toBe(500);
    await amazon.sim("PUT", "/settings", { limits: { factor: 0.001 } });
    for (let n = 0; n < 2; n += 1) await seller("GET", "/sellers/v1/marketplaceParticipations");
    expect(market.asked).toContain("getMarketplaceParticipations 429");
    amazon.clock.advance(3_600_001);
    expect(await seller("GET", amazon.skuPath(SKU))).toBe(403);
  });
});
