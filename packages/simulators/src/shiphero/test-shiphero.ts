import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, onTestFinished } from "vitest";

import { createSimulatorClock } from "../simulator-clock.ts";
import { type ShipHeroOptions, type ShipHeroSimulator, startShipHero } from "./start.ts";

/** Where tests begin; the clock stands still until a test moves it. */
const START_AT = Date.parse("2026-11-23T10:20:30.400Z");

/** The SKU and the building of the simulators that `startTestShipHero` makes: 10 units, and 5 of the other. */
export const SKU = "KB-M";
export const OTHER_SKU = "KB-L";

/** A GraphQL answer, with the data a test expects to find in it. */
export interface Reply<Data> {
  status: number;
  headers: Headers;
  text: string;
  data: Data;
  errors:
    | { message: string; code: number; operation: string; field: string; request_id: string }[]
    | undefined;
  body: Record<string, unknown>;
}

export interface TestShipHero extends ShipHeroSimulator {
  /** The building's id. */
  warehouseId: string;
  graphql: <Data>(query: string, variables?: object, token?: string) => Promise<Reply<Data>>;
  /** The data of an answer without errors. */
  ask: <Data>(query: string, variables?: object) => Promise<Data>;
  sim: <Body = unknown>(
    method: string,
    path: string,
    body?: unknown,
  ) => Promise<{ status: number; body: Body }>;
  /** An act in the building that must be done. */
  act: (name: string, body: object) => Promise<void>;
  /** Makes an order of the first SKU and answers its id and number. */
  order: (units: number, reference?: string) => Promise<{ id: string; legacy_id: number }>;
}

async function post(url: string, body: unknown, token?: string) {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const CREATE_ORDER = `mutation ($data: CreateOrderInput!) { order_create(data: $data) { order { id legacy_id } } }`;

export function orderInput(reference: string, units: number): Record<string, unknown> {
  return {
    order_number: `N-${reference}`,
    partner_order_id: reference,
    shop_name: "onepool",
    shipping_address: { first_name: "Ana", address1: "Calle 1", city: "Toluca", zip: "50000", country: "MX" },
    line_items: [{ sku: SKU, partner_line_item_id: `${reference}-1`, quantity: units, price: "10.00" }],
  };
}

function shortWays(simulator: ShipHeroSimulator) {
  const graphql: TestShipHero["graphql"] = async <Data>(
    query: string,
    variables: object = {},
    token: string = simulator.account.accessToken,
  ) => {
    const answer = await post(simulator.graphqlUrl, { query, variables }, token);
    const isJson = answer.headers.get("content-type")?.includes("json") === true;
    const body = (isJson ? JSON.parse(answer.text) : {}) as Record<string, unknown>;
    return { ...answer, body, data: body.data as Data, errors: body.errors as Reply<Data>["errors"] };
  };
  const ask: TestShipHero["ask"] = async <Data>(query: string, variables?: object) => {
    const { status, data, errors } = await graphql<Data>(query, variables);
    expect({ status, errors }).toEqual({ status: 200, errors: undefined });
    return data;
  };
  const sim: TestShipHero["sim"] = async <Body>(method: string, path: string, body?: unknown) => {
    const response = await fetch(`${simulator.url}/_sim${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Body };
  };
  return { graphql, ask, sim };
}

export async function startTestShipHero(options: ShipHeroOptions = {}): Promise<TestShipHero> {
  const clock = options.clock ?? createSimulatorClock({ startAt: START_AT, factor: 0 });
  const simulator = await startShipHero({
    clock,
    account: {
      warehouses: [{ facility: "main", identifier: "Primary" }],
      items: [
        { sku: SKU, units: { main: 10 } },
        { sku: OTHER_SKU, units: { main: 5 } },
      ],
    },
    ...options,
  });
  onTestFinished(async () => {
    await simulator.close();
    clock.close();
  });
  const ways = shortWays(simulator);
  const [site] = simulator.account.warehouses;
  if (site === undefined) throw new Error("a test needs a building");
  return {
    ...simulator,
    ...ways,
    warehouseId: site.warehouseId,
    async act(name, body) {
      const { status, body: answer } = await ways.sim("POST", `/warehouse/${name}`, body);
      expect({ status, answer }).toMatchObject({ status: 200 });
    },
    async order(units, reference = "REF-1") {
      const data = orderInput(reference, units);
      const answer = await ways.ask<{ order_create: { order: { id: string; legacy_id: number } } }>(
        CREATE_ORDER,
        {
          data,
        },
      );
      return answer.order_create.order;
    },
  };
}

/** A webhook as it arrived. */
export interface Arrival {
  headers: IncomingHttpHeaders;
  raw: string;
  body: Record<string, unknown>;
}

export interface Callback {
  url: string;
  arrivals: Arrival[];
  /** Status and body of the answer; null: never answers. */
  answerWith: (arrival: Arrival) => { status: number; body: string } | null;
  /** Arrivals of one type, in the order in which they came. */
  ofType(type: string): Record<string, unknown>[];
}

export const SUCCESS = { status: 200, body: '{"code":"200","Status":"Success"}' };

/** A server of ours that webhooks are posted to. */
export async function startCallback(): Promise<Callback> {
  const callback: Callback = {
    url: "",
    arrivals: [],
    answerWith: () => SUCCESS,
    ofType: (type) => callback.arrivals.map(({ body }) => body).filter((body) => body.webhook_type === type),
  };
  const server = createServer((request, response) => {
    let raw = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (raw += chunk));
    request.on("end", () => {
      const arrival = { headers: request.headers, raw, body: JSON.parse(raw) as Record<string, unknown> };
      callback.arrivals.push(arrival);
      const answer = callback.answerWith(arrival);
      if (answer === null) return;
      response.statusCode = answer.status;
      response.end(answer.body);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  callback.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return callback;
}

interface Report {
  pending: number;
  inFlight: number;
  counts: Record<string, number>;
  webhooks: { name: string; enabled: boolean; health: string; failures: number }[];
}

export async function webhookReport(vendor: TestShipHero): Promise<Report> {
  return (await vendor.sim<Report>("GET", "/notifications")).body;
}

/** Moves the clock in steps until everything that is due within `ms` has been posted and answered. */
export async function passTime(vendor: TestShipHero, ms: number): Promise<void> {
  await vendor.sim("POST", "/clock", { advanceMs: ms });
  await expect.poll(async () => (await webhookReport(vendor)).inFlight, { timeout: 10_000 }).toBe(0);
}
