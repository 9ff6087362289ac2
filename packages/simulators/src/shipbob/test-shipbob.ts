import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, onTestFinished, vi } from "vitest";

import { createSimulatorClock } from "../simulator-clock.ts";
import type { WarehouseTruth } from "../warehouse/warehouse-truth.ts";
import { type ShipBobOptions, type ShipBobSimulator, startShipBob } from "./start.ts";

/** Where tests begin; the clock stands still until a test moves it. */
const START_AT = Date.parse("2026-11-02T08:00:00.000Z");

/** The facility that holds 40 units of each thing, and the other one. */
export const CICERO = { id: 8, name: "Cicero (IL)" };
export const MORENO = { id: 25, name: "Moreno Valley (CA)" };
export const SKU = "KB-M";

/** An answer, with the body a test expects to find in it. */
interface Answer<Body> {
  status: number;
  headers: Headers;
  text: string;
  body: Body;
}

interface CallOptions {
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

async function call<Body>(url: string, method: string, options: CallOptions): Promise<Answer<Body>> {
  const { body, headers = {}, signal } = options;
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
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

/** What tests read of a shipment. */
interface ShipmentBody {
  id: number;
  order_id: number;
  status: string;
  status_details: { id: number; name: string }[];
  actual_fulfillment_date: string | null;
  last_update_at: string;
  products: { sku: string; inventory_items: { quantity: number; quantity_committed: number }[] }[];
  tracking: { tracking_number: string } | null;
}

/** What tests read of an order. */
export interface OrderBody {
  id: number;
  reference_id: string;
  status: string;
  shipments: ShipmentBody[];
}

/** A keeper with its example account, and short ways to call it. */
export interface TestShipBob extends ShipBobSimulator {
  inventoryId: number;
  /** A call with the token and the channel that may write. */
  api<Body = unknown>(method: string, path: string, options?: CallOptions): Promise<Answer<Body>>;
  sim<Body = unknown>(method: string, path: string, body?: unknown): Promise<Answer<Body>>;
  /** An act in the building that must be done. */
  act(name: string, body: object): Promise<void>;
  /** An order of the test's SKU; it must be taken. */
  order(reference: string, quantity: number, more?: object): Promise<OrderBody>;
  readOrder(id: number): Promise<OrderBody>;
  /** Levels of the test's SKU at the first facility. */
  level(): Promise<Record<string, number>>;
  worldTruth(): Promise<WarehouseTruth>;
}

/** A body that `POST order` takes. */
export function orderRequest(reference: string, quantity: number, more: object = {}): object {
  return {
    reference_id: reference,
    type: "DTC",
    shipping_method: "Standard",
    recipient: {
      name: "Ana Pérez",
      address: { address1: "Calle 1", city: "Chicago", state: "IL", zip_code: "60607", country: "US" },
    },
    products: [{ reference_id: SKU, name: "Knee brace M", quantity }],
    ...more,
  };
}

export async function startTestShipBob(options: ShipBobOptions = {}): Promise<TestShipBob> {
  const clock = createSimulatorClock({ startAt: START_AT, factor: 0 });
  const simulator = await startShipBob({ clock, ...options });
  onTestFinished(async () => {
    await simulator.close();
    clock.close();
  });
  const headers = { authorization: `Bearer ${simulator.account.token}`, shipbob_channel_id: "101" };
  const inventoryId = simulator.account.items.find(({ sku }) => sku === SKU)?.inventoryId ?? 0;
  const api: TestShipBob["api"] = (method, path, more = {}) =>
    call(`${simulator.url}/2026-01${path}`, method, { ...more, headers: { ...headers, ...more.headers } });
  const sim: TestShipBob["sim"] = (method, path, body) =>
    call(`${simulator.url}/_sim${path}`, method, { body });

  return {
    ...simulator,
    inventoryId,
    api,
    sim,
    async act(name, body) {
      const answer = await sim("POST", `/warehouse/${name}`, body);
      expect(answer.status, answer.text).toBe(200);
      // What follows from an act is told right after it.
      clock.advance(0);
    },
    async order(reference, quantity, more) {
      const answer = await api<OrderBody>("POST", "/order", {
        body: orderRequest(reference, quantity, more),
      });
      expect(answer.status, answer.text).toBe(201);
      clock.advance(0);
      return answer.body;
    },
    async readOrder(id) {
      const answer = await api<OrderBody>("GET", `/order/${id}`);
      expect(answer.status, answer.text).toBe(200);
      return answer.body;
    },
    async level() {
      const answer = await api<{ locations: Record<string, number>[] }>(
        "GET",
        `/inventory-level/${inventoryId}/locations`,
      );
      expect(answer.status, answer.text).toBe(200);
      return answer.body.locations.find(({ location_id: id }) => id === CICERO.id) ?? {};
    },
    async worldTruth() {
      return (await sim<WarehouseTruth>("GET", "/truth")).body;
    },
  };
}

/** A post that a test's own endpoint has got. */
export interface Received {
  headers: Record<string, string | string[] | undefined>;
  raw: string;
  body: Record<string, unknown>;
}

/** An endpoint of the test's own, and what it has got so far. */
export interface Receiver {
  url: string;
  received: Received[];
  /** Answers with this from now on. */
  answerWith(status: number): void;
  /** Waits until so many have come. */
  until(count: number): Promise<Received[]>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const raw = Buffer.concat(chunks).toString("utf8");
      received.push({ headers: request.headers, raw, body: JSON.parse(raw) as Record<string, unknown> });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answerWith: (next) => {
      status = next;
    },
    async until(count) {
      await vi.waitFor(() => expect(received.length).toBeGreaterThanOrEqual(count));
      return received;
    },
  };
}
