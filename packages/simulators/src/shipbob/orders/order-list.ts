import { numberedPage } from "../vendor/paging.ts";
import { isAmong, isWithin, listIn, numbersIn, readQuery, type Span, spanIn } from "../vendor/query.ts";
import { answer, badRequest, type VendorAnswer } from "../vendor/vendor-answer.ts";
import type { World } from "../world.ts";
import { orderBody } from "./order-body.ts";
import type { Order } from "./order.ts";

const parameters = [
  "Page",
  "Limit",
  "IDs",
  "ReferenceIds",
  "StartDate",
  "EndDate",
  "SortOrder",
  "HasTracking",
  "LastUpdateStartDate",
  "LastUpdateEndDate",
] as const;

interface Sieve {
  ids: number[] | undefined;
  references: string[] | undefined;
  hasTracking: string | undefined;
  made: Span;
  changed: Span;
}

function passes(order: Order, { ids, references, hasTracking, made, changed }: Sieve): boolean {
  const isTracked = order.shipments.some(({ trackingNumber }) => trackingNumber !== null);
  return (
    isAmong(ids, order.id) &&
    isAmong(references, order.referenceId) &&
    (hasTracking === undefined || String(isTracked) === hasTracking.toLowerCase()) &&
    isWithin(order.createdAt, made) &&
    isWithin(order.updatedAt, changed)
  );
}

/** `GET order`: newest first unless asked otherwise (ASSUMED). */
export function listOrders(world: World, raw: unknown): VendorAnswer {
  const read = readQuery(raw, parameters);
  if ("wrong" in read) return read.wrong;
  const { query } = read;
  const ids = numbersIn(query.IDs);
  if (ids === null) return badRequest("IDs", "must be numbers separated by commas.");
  const made = spanIn(query, "StartDate", "EndDate");
  if ("wrong" in made) return made.wrong;
  const changed = spanIn(query, "LastUpdateStartDate", "LastUpdateEndDate");
  if ("wrong" in changed) return changed.wrong;
  const sieve = {
    ids,
    references: listIn(query.ReferenceIds),
    hasTracking: query.HasTracking,
    made,
    changed,
  };
  const sign = query.SortOrder === "Oldest" ? 1 : -1;
  const found = world.orders
    .all()
    .filter((order) => passes(order, sieve))
    .toSorted((a, b) => sign * (a.id - b.id));
  const page = numberedPage(found, query);
  return "wrong" in page ? page.wrong : answer(page.entries.map((order) => orderBody(world, order)));
}
