import { expect } from "vitest";

import { LISTING, startMarketplace, type TestMarketplace } from "./test-marketplace.ts";

export const SECOND = "MLM1000000002";
export const THIRD = "MLM1000000003";

export const listings = [LISTING, SECOND, THIRD].map((listing) => ({ listing, availableQuantity: 10 }));

export async function shop(options = {}): Promise<TestMarketplace> {
  return startMarketplace({ accounts: [{ account: "mx-1", listings }], ...options });
}

interface Cart {
  packs: number[];
  orders: { orderId: number }[];
}

interface Bought {
  pack: number;
  ids: number[];
}

export async function cart(
  market: TestMarketplace,
  lines: [string, number][],
  more: Record<string, unknown> = { closingGapMs: 0 },
): Promise<Bought> {
  const body = { lines: lines.map(([listing, quantity]) => ({ listing, quantity })), ...more };
  const answer = await market.sim<Cart>("POST", "/carts", body);
  expect(answer).toMatchObject({ status: 201, body: { accepted: true } });
  return { pack: answer.body.packs[0] ?? 0, ids: answer.body.orders.map(({ orderId }) => orderId) };
}

interface OrderBody {
  id: number;
  status: string;
  pack_id: number | null;
  tags: string[];
  shipping: { id: number | null };
  order_items: { quantity: number; item: { id: string } }[];
  cancel_detail: Record<string, unknown> | null;
}

export const readOrder = async (market: TestMarketplace, id: number): Promise<OrderBody> =>
  (await market.api<OrderBody>("GET", `/orders/${id}`)).body;

interface PackBody {
  status: string;
  status_detail: string | null;
  orders: { id: number }[];
  shipment: { id: number } | null;
}

export const readPack = async (market: TestMarketplace, id: number): Promise<PackBody> =>
  (await market.api<PackBody>("GET", `/packs/${id}`)).body;

export const shipmentOf = (market: TestMarketplace, id: number | null | undefined) =>
  market.api<{ status: string; substatus: string | null; sibling: Record<string, unknown> }>(
    "GET",
    `/shipments/${id}`,
    { headers: { "x-format-new": "true" } },
  );

export const available = async (market: TestMarketplace, item: string): Promise<number> =>
  (await market.api<{ available_quantity: number }>("GET", `/items/${item}`)).body.available_quantity;
