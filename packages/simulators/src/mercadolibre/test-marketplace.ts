import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, onTestFinished } from "vitest";

import { createSimulatorClock } from "../simulator-clock.ts";
import type { AccountCredentials } from "./apply-setup.ts";
import { type MercadoLibreOptions, type MercadoLibreSimulator, startMercadoLibre } from "./start.ts";

/** Where tests begin; the clock stands still until a test moves it. */
export const START_AT = Date.parse("2026-11-23T10:20:30.400Z");

/** An answer, with the body a test expects to find in it. */
export interface Answer<Body> {
  status: number;
  headers: Headers;
  text: string;
  body: Body;
}

export interface CallOptions {
  token?: string | undefined;
  body?: unknown;
  form?: Record<string, string>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** One real HTTP call. A body given as a string goes out as it is. */
export async function call<Body = unknown>(
  url: string,
  method: string,
  { token, body, form, headers = {}, signal }: CallOptions = {},
): Promise<Answer<Body>> {
  const json = typeof body === "string" ? body : JSON.stringify(body);
  const payload = form === undefined ? json : new URLSearchParams(form);
  const response = await fetch(url, {
    method,
    redirect: "manual",
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
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

/** A notification as it arrived. */
export interface Arrival {
  _id: string;
  topic: string;
  resource: string;
  user_id: number;
  application_id: number;
  attempts: number;
  actions: string[];
  sent: string;
  received?: string;
  recieved?: string;
}

/** A callback of ours, which answers as `answerWith` says. */
export interface Callback {
  url: string;
  arrivals: Arrival[];
  answerWith: (arrival: Arrival) => number | "never";
  /** Real time from a notification to its answer. */
  answerAfterMs: number;
  /** Resolves when this many have arrived in all. */
  count(expected: number): Promise<Arrival[]>;
}

export async function startCallback(): Promise<Callback> {
  const callback: Callback = {
    url: "",
    arrivals: [],
    answerWith: () => 200,
    answerAfterMs: 0,
    async count(expected) {
      await expect.poll(() => callback.arrivals.length, { timeout: 10_000 }).toBe(expected);
      return callback.arrivals;
    },
  };
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (text += chunk));
    request.on("end", () => {
      const arrival = JSON.parse(text) as Arrival;
      callback.arrivals.push(arrival);
      const status = callback.answerWith(arrival);
      if (status === "never") return;
      response.statusCode = status;
      if (callback.answerAfterMs === 0) response.end();
      else setTimeout(() => response.end(), callback.answerAfterMs);
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

/** A marketplace with two sellers of the same thing, and short ways to call it. */
export interface TestMarketplace extends MercadoLibreSimulator {
  first: AccountCredentials;
  second: AccountCredentials;
  /** A call with the first seller's token, unless another is given. */
  api<Body = unknown>(method: string, path: string, options?: CallOptions): Promise<Answer<Body>>;
  sim<Body = unknown>(method: string, path: string, body?: unknown): Promise<Answer<Body>>;
  /** Buys and returns the order's id; the sale must be accepted. */
  buy(listing: string, quantity: number, more?: Record<string, unknown>): Promise<number>;
}

/** Listings of the two sellers that `startMarketplace` makes: 10 units each. */
export const LISTING = "MLM1000000001";
export const OTHER_LISTING = "MLM2000000001";

export async function startMarketplace(options: MercadoLibreOptions = {}): Promise<TestMarketplace> {
  const clock = createSimulatorClock({ startAt: START_AT, factor: 0 });
  const listing = (id: string) => ({
    listing: id,
    title: "Knee brace M",
    sellerSku: "KB-M",
    availableQuantity: 10,
  });
  const simulator = await startMercadoLibre({
    clock,
    accounts: [
      { account: "mx-1", listings: [listing(LISTING)] },
      { account: "mx-2", listings: [listing(OTHER_LISTING)] },
    ],
    ...options,
  });
  onTestFinished(async () => {
    await simulator.close();
    clock.close();
  });
  const [first, second = first] = simulator.accounts;
  if (first === undefined || second === undefined) throw new Error("a test needs a seller");
  const sim = <Body>(method: string, path: string, body?: unknown) =>
    call<Body>(`${simulator.url}/_sim${path}`, method, body === undefined ? {} : { body });
  return {
    ...simulator,
    first,
    second,
    api: (method, path, more = {}) =>
      call(simulator.url + path, method, { token: first.accessToken, ...more }),
    sim,
    async buy(id, quantity, more = {}) {
      const answer = await sim<{ orderId: number }>("POST", "/orders", { listing: id, quantity, ...more });
      expect(answer.status).toBe(201);
      return answer.body.orderId;
    },
  };
}
