import type { Instant } from "@onepool/core/ledger/units.ts";
import { z } from "zod";

import type { DocumentFact } from "../contract/keeper/keeper.ts";
import { type Outcome, succeeded } from "../contract/outcome.ts";
import type { ShipBobClient } from "./client.ts";
import { type InventoryDirectory, queryOf } from "./inventory-directory.ts";
import type { ReturnOwners } from "./return-owners.ts";
import { toReceipt } from "./to-receipt.ts";
import { toReturn } from "./to-return.ts";
import { inventoryIdsIn, toShipment } from "./to-shipment.ts";
import { ordersSchema, receivingOrdersSchema, returnsSchema } from "./wire.ts";

export interface DocumentReader {
  readonly client: ShipBobClient;
  readonly directory: InventoryDirectory;
  readonly owners: ReturnOwners;
}

interface Part {
  readonly facts: readonly DocumentFact[];
  readonly hasMore: boolean;
}

/** Where a reading stands: which of the lists, and its page from 1. */
const placeSchema = z.object({ list: z.number().int(), page: z.number().int() });
type Place = z.infer<typeof placeSchema>;

type DocumentList = (reader: DocumentReader, from: Instant, place: Place) => Promise<Outcome<Part>>;

const PAGE_SIZE = 50;

/** Documents that stay open longer than this are not looked for any more unless they are completed, in milliseconds. */
const OPEN_MS = 365 * 86_400_000;

/**
 * Orders can be listed by their last change; receiving orders and returns only by when they were made or completed: so all open ones
 * are read, and those completed since. One that is as it was makes the same fact again.
 */
const LISTS: readonly DocumentList[] = [
  listOrders,
  (reader, from, place) =>
    listReceiving(reader, place, {
      Statuses:
        "Awaiting,Processing,Incomplete,Arrived,PartiallyArrived,PartiallyArrivedAtHub,ArrivedAtHub,ProcessingAtHub,InternalTransfer,Cancelled",
      InsertStartDate: iso(from - OPEN_MS),
    }),
  (reader, from, place) => listReceiving(reader, place, { CompletedStartDate: iso(from) }),
  (reader, from, place) =>
    listReturns(reader, place, {
      Status: "AwaitingArrival,Arrived,Processing,Cancelled",
      StartDate: iso(from - OPEN_MS),
    }),
  (reader, from, place) => listReturns(reader, place, { CompletedStartDate: iso(from) }),
];

/** Orders, receiving orders and returns that changed since `from`, one page of one list at a time. */
export async function listDocuments(
  reader: DocumentReader,
  { from, page }: { readonly from: Instant; readonly page?: string },
): Promise<Outcome<{ readonly facts: readonly DocumentFact[]; readonly nextPage: string | null }>> {
  const place = placeOf(page) ?? { list: 0, page: 1 };
  const list = LISTS[place.list];
  if (list === undefined) return succeeded({ facts: [], nextPage: null });
  const part = await list(reader, from, place);
  if (!part.ok) return part;
  const next = part.value.hasMore
    ? { ...place, page: place.page + 1 }
    : { ...place, list: place.list + 1, page: 1 };
  const nextPage = next.list < LISTS.length ? JSON.stringify(next) : null;
  return succeeded({ facts: part.value.facts, nextPage });
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
  { client, directory }: DocumentReader,
  from: Instant,
  { page }: Place,
): Promise<Outcome<Part>> {
  // Without an end: an order that changed meanwhile would leave the list, and another one would slip between two pages.
  const query = {
    Page: String(page),
    Limit: String(PAGE_SIZE),
    LastUpdateStartDate: iso(from),
  };
  const orders = await client.call(ordersSchema, { method: "GET", path: "/order", query });
  if (!orders.ok) return orders;
  const itemOf = await directory.itemsOf(orders.value.flatMap(inventoryIdsIn));
  if (!itemOf.ok) return itemOf;
  return succeeded({
    facts: orders.value.map((order) => toShipment(order, itemOf.value)),
    hasMore: orders.value.length >= PAGE_SIZE,
  });
}

async function listReceiving(
  { client }: DocumentReader,
  { page }: Place,
  filter: Readonly<Record<string, string>>,
): Promise<Outcome<Part>> {
  const query = { Page: String(page), Limit: String(PAGE_SIZE), ...filter };
  const orders = await client.call(receivingOrdersSchema, { method: "GET", path: "/receiving", query });
  if (!orders.ok) return orders;
  return succeeded({ facts: orders.value.map(toReceipt), hasMore: orders.value.length >= PAGE_SIZE });
}

async function listReturns(
  { client, owners }: DocumentReader,
  { page }: Place,
  filter: Readonly<Record<string, string>>,
): Promise<Outcome<Part>> {
  // Its cursor is the number of a page (documented).
  const query = { Cursor: String(page), Limit: String(PAGE_SIZE), SortOrder: "Asc", ...filter };
  const returns = await client.call(returnsSchema, { method: "GET", path: "/return", query });
  if (!returns.ok) return returns;
  const facts: DocumentFact[] = [];
  for (const told of returns.value.items) {
    const orderReference = await owners.orderReferenceOf(told);
    if (!orderReference.ok) return orderReference;
    facts.push(toReturn(told, orderReference.value));
  }
  const hasMore = returns.value.items.length > 0 && queryOf(returns.value.next) !== null;
  return succeeded({ facts, hasMore });
}

function iso(at: Instant): string {
  return new Date(at).toISOString();
}
