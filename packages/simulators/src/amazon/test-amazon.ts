import { expect, onTestFinished } from "vitest";

import { createSimulatorClock } from "../simulator-clock.ts";
import type { AccountCredentials } from "./describe-accounts.ts";
import { type AmazonOptions, type AmazonSimulator, startAmazon } from "./start.ts";

/** Where tests begin; the clock stands still until a test moves it. */
export const START_AT = Date.parse("2026-11-23T10:20:30.400Z");

export const US = "ATVPDKIKX0DER";
export const CANADA = "A2EUQ1WTGCTBG2";

/** An answer, with the body a test expects to find in it. */
export interface Answer<Body> {
  status: number;
  headers: Headers;
  text: string;
  body: Body;
}

interface CallOptions {
  token?: string;
  /** A string goes out as it is. */
  body?: unknown;
  form?: Record<string, string>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** One real HTTP call. */
export async function call<Body = unknown>(
  url: string,
  method: string,
  { token, body, form, headers = {}, signal }: CallOptions = {},
): Promise<Answer<Body>> {
  const json = typeof body === "string" ? body : JSON.stringify(body);
  const payload = form === undefined ? json : new URLSearchParams(form);
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { "x-amz-access-token": token }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(payload === undefined ? {} : { body: payload }),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true && text !== "";
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: (isJson ? JSON.parse(text) : undefined) as Body,
  };
}

/** A marketplace with two sellers of the same thing, and short ways to call it. */
export interface TestAmazon extends AmazonSimulator {
  first: AccountCredentials;
  second: AccountCredentials;
  /** A call with the first seller's token, unless another is given. */
  api<Body = unknown>(method: string, path: string, options?: CallOptions): Promise<Answer<Body>>;
  sim<Body = unknown>(method: string, path: string, body?: unknown): Promise<Answer<Body>>;
  /** Buys and returns the order's id; the sale must be accepted. */
  buy(listing: string, quantity: number, more?: Record<string, unknown>): Promise<string>;
  /** `getOrder` with status and cancellations. */
  order(id: string): Promise<OrderBody>;
  /** The path of a SKU of the first seller. */
  skuPath(sku: string, query?: string): string;
  /** Sets the merchant quantity by a merge; the answer's body. */
  setQuantity(sku: string, quantity: number): Promise<{ status: string; submissionId: string }>;
  /** `fulfillmentAvailability` of the first seller's SKU. */
  live(sku: string): Promise<unknown>;
}

/** What tests read of an order. */
export interface OrderBody {
  orderId: string;
  lastUpdatedTime: string;
  fulfillment: { fulfillmentStatus: string };
  orderItems: { orderItemId: string; quantityOrdered: number }[];
}

/** The SKU of the two sellers that `startTestAmazon` makes: 10 units each. */
export const SKU = "KB-M";

export async function startTestAmazon(options: AmazonOptions = {}): Promise<TestAmazon> {
  const clock = createSimulatorClock({ startAt: START_AT, factor: 0 });
  const listing = {
    listing: SKU,
    title: "Knee brace M",
    availableQuantity: 10,
    price: 16.5,
    leadTimeDays: 2,
  };
  const simulator = await startAmazon({
    clock,
    accounts: [
      { account: "us-1", listings: [listing] },
      { account: "us-2", listings: [listing] },
    ],
    ...options,
    settings: { writeTail: { share: 0, minMs: 0, maxMs: 0 }, ...options.settings },
  });
  onTestFinished(async () => {
    await simulator.close();
    clock.close();
  });
  const [first, second = first] = simulator.accounts;
  if (first === undefined || second === undefined) throw new Error("a test needs a seller");
  const api: TestAmazon["api"] = (method, path, more = {}) =>
    call(simulator.url + path, method, { token: first.accessToken, ...more });
  const sim: TestAmazon["sim"] = (method, path, body) =>
    call(`${simulator.url}/_sim${path}`, method, body === undefined ? {} : { body });
  const skuPath = (sku: string, query = `marketplaceIds=${US}`): string =>
    `/listings/2021-08-01/items/${first.sellerId}/${encodeURIComponent(sku)}?${query}`;
  return {
    ...simulator,
    first,
    second,
    api,
    sim,
    skuPath,
    async buy(id, quantity, more = {}) {
      const answer = await sim<{ orderId: string }>("POST", "/orders", { listing: id, quantity, ...more });
      expect(answer.status, answer.text).toBe(201);
      return answer.body.orderId;
    },
    async order(id) {
      const path = `/orders/2026-01-01/orders/${id}?includedData=FULFILLMENT,CANCELLATION`;
      const answer = await api<{ order: OrderBody }>("GET", path);
      expect(answer.status, answer.text).toBe(200);
      return answer.body.order;
    },
    async setQuantity(sku, quantity) {
      const value = [{ fulfillment_channel_code: "DEFAULT", quantity }];
      const patches = [{ op: "merge", path: "/attributes/fulfillment_availability", value }];
      const answer = await api<{ status: string; submissionId: string }>("PATCH", skuPath(sku), {
        body: { productType: "PRODUCT", patches },
      });
      expect(answer.status, answer.text).toBe(200);
      return answer.body;
    },
    async live(sku) {
      const path = skuPath(sku, `marketplaceIds=${US}&includedData=fulfillmentAvailability`);
      const answer = await api<{ fulfillmentAvailability: unknown }>("GET", path);
      expect(answer.status, answer.text).toBe(200);
      return answer.body.fulfillmentAvailability;
    },
  };
}
