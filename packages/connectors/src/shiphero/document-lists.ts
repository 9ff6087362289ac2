import type { Instant } from "@onepool/core/ledger/units.ts";
import { z } from "zod";

import type { DocumentFact } from "../contract/keeper/keeper.ts";
import { type Outcome, succeeded } from "../contract/outcome.ts";
import type { ShipHeroClient } from "./client.ts";
import type { InboundDesk } from "./inbound-desk.ts";
import type { OrderDesk } from "./order-desk.ts";
import { ORDERS, PURCHASE_ORDERS_CLOSED, PURCHASE_ORDERS_MADE, RETURNS } from "./queries.ts";
import { toReturn } from "./to-return.ts";
import { writeTime } from "./vendor-time.ts";
import { ordersSchema, purchaseOrdersSchema, returnsSchema } from "./wire.ts";

export interface DocumentReader {
  readonly client: ShipHeroClient;
  readonly orders: OrderDesk;
  readonly inbounds: InboundDesk;
  readonly timeZone: string;
}

/** Where a reading stands: which list, and the position in it. */
const placeSchema = z.object({ list: z.number().int(), after: z.string().nullable() });
type Place = z.infer<typeof placeSchema>;

interface Part {
  readonly facts: readonly DocumentFact[];
  /** Where the list goes on; null at its end. */
  readonly after: string | null;
}

type DocumentList = (reader: DocumentReader, from: Instant, place: Place) => Promise<Outcome<Part>>;

/** Documents that were made longer ago are not looked for any more, unless they are closed later; in milliseconds. */
const OPEN_MS = 180 * 86_400_000;

/**
 * Only orders can be listed by their last change. Of purchase orders and returns all that are young enough are read; one that is as it
 * was makes the same fact again.
 */
const LISTS: readonly DocumentList[] = [
  listOrders,
  (reader, from, place) => listPurchaseOrders(reader, PURCHASE_ORDERS_MADE, from - OPEN_MS, place),
  (reader, from, place) => listPurchaseOrders(reader, PURCHASE_ORDERS_CLOSED, from, place),
  (reader, from, place) => listReturns(reader, from - OPEN_MS, place),
];

export async function listDocuments(
  reader: DocumentReader,
  { from, page }: { readonly from: Instant; readonly page?: string },
): Promise<Outcome<{ readonly facts: readonly DocumentFact[]; readonly nextPage: string | null }>> {
  const place = placeOf(page) ?? { list: 0, after: null };
  const list = LISTS[place.list];
  if (list === undefined) return succeeded({ facts: [], nextPage: null });
  const part = await list(reader, from, place);
  if (!part.ok) return part;
  const { facts, after } = part.value;
  const next = after === null ? { ...place, list: place.list + 1, after: null } : { ...place, after };
  return succeeded({ facts, nextPage: next.list < LISTS.length ? JSON.stringify(next) : null });
}

function placeOf(page: string | undefined): Place | null {
  if (page === undefined) return null;
  try {
    return placeSchema.safeParse(JSON.parse(page)).data ?? null;
  } catch {
    return null;
  }
}

async function listOrders(
  { client, orders, timeZone }: DocumentReader,
  from: Instant,
  { after }: Place,
): Promise<Outcome<Part>> {
  // Without an end: an order that changed meanwhile would leave the list, and another one would slip between two pages.
  const variables = { from: writeTime(from, timeZone), after };
  const page = await client.call(ordersSchema, { query: ORDERS, variables, budget: "reads" });
  if (!page.ok) return page;
  const { edges, pageInfo } = page.value.orders.data;
  const facts: DocumentFact[] = [];
  for (const { node } of edges) {
    const fact = await orders.factOf(node);
    if (!fact.ok) return fact;
    facts.push(fact.value);
  }
  return succeeded({ facts, after: goingOn(pageInfo, edges.length) });
}

async function listPurchaseOrders(
  { client, inbounds, timeZone }: DocumentReader,
  query: string,
  from: Instant,
  { after }: Place,
): Promise<Outcome<Part>> {
  const variables = { from: writeTime(from, timeZone), after };
  const page = await client.call(purchaseOrdersSchema, { query, variables, budget: "reads" });
  if (!page.ok) return page;
  const { edges, pageInfo } = page.value.purchase_orders.data;
  const facts: DocumentFact[] = [];
  for (const { node } of edges) {
    const fact = await inbounds.factOf(node);
    if (!fact.ok) return fact;
    facts.push(fact.value);
  }
  return succeeded({ facts, after: goingOn(pageInfo, edges.length) });
}

async function listReturns(
  { client, timeZone }: DocumentReader,
  from: Instant,
  { after }: Place,
): Promise<Outcome<Part>> {
  const variables = { from: writeTime(from, timeZone), after };
  const page = await client.call(returnsSchema, { query: RETURNS, variables, budget: "reads" });
  if (!page.ok) return page;
  const { edges, pageInfo } = page.value.returns.data;
  const facts = edges.map(({ node }) => toReturn(node, timeZone));
  return succeeded({ facts, after: goingOn(pageInfo, edges.length) });
}

function goingOn(
  {
    hasNextPage,
    endCursor,
  }: { readonly hasNextPage: boolean; readonly endCursor?: string | null | undefined },
  rows: number,
): string | null {
  return hasNextPage && rows > 0 && endCursor ? endCursor : null;
}
