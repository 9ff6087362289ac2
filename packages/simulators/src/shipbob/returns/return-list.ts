import { pageLinks } from "../vendor/paging.ts";
import { isAmong, isWithin, listIn, numbersIn, readQuery, spanIn, wholeNumber } from "../vendor/query.ts";
import { answer, badRequest, type VendorAnswer } from "../vendor/vendor-answer.ts";
import { VERSION } from "../vendor/vendor-api.ts";
import { facilityCalled, type World } from "../world.ts";
import { goodsBehind, returnBody } from "./return-body.ts";
import { type Return, returnStatus } from "./return-book.ts";

const parameters = [
  "Ids",
  "ReferenceIds",
  "Status",
  "FulfillmentCenterIds",
  "OriginalShipmentIds",
  "InventoryIds",
  "StartDate",
  "EndDate",
  "StoreOrderIds",
  "CompletedStartDate",
  "CompletedEndDate",
  "Cursor",
  "Limit",
  "SortOrder",
] as const;

function completedAt({ history }: Return): number | undefined {
  return history.find(({ status }) => status === "Completed")?.at;
}

/** `GET return`: its cursor is the number of a page, documented. */
export function listReturns(world: World, raw: unknown): VendorAnswer {
  const read = readQuery(raw, parameters);
  if ("wrong" in read) return read.wrong;
  const { query } = read;
  const made = spanIn(query, "StartDate", "EndDate");
  if ("wrong" in made) return made.wrong;
  const completed = spanIn(query, "CompletedStartDate", "CompletedEndDate");
  if ("wrong" in completed) return completed.wrong;
  const size = wholeNumber(query.Limit, { min: 1, max: 250, fallback: 50 });
  const page = wholeNumber(query.Cursor, { min: 1, max: 1_000_000, fallback: 1 });
  if (size === undefined || page === undefined) return badRequest("Limit", "must be between 1 and 250.");
  const [ids, centers, shipments] = [query.Ids, query.FulfillmentCenterIds, query.OriginalShipmentIds].map(
    numbersIn,
  );
  if (ids === null || centers === null || shipments === null) return badRequest("Ids", "must be numbers.");
  const [references, statuses, storeOrders] = [query.ReferenceIds, query.Status, query.StoreOrderIds].map(
    listIn,
  );
  const asksCompleted = query.CompletedStartDate !== undefined || query.CompletedEndDate !== undefined;
  const passes = (goods: Return): boolean => {
    const source = goodsBehind(world, goods);
    return (
      isAmong(ids, goods.id) &&
      isAmong(references, goods.referenceId) &&
      isAmong(statuses, returnStatus(source)) &&
      isAmong(storeOrders, goods.storeOrderId ?? "") &&
      isAmong(centers, facilityCalled(world, source.facility).id) &&
      isAmong(shipments, goods.originalShipmentId ?? -1) &&
      isWithin(goods.createdAt, made) &&
      (!asksCompleted || isWithin(completedAt(goods), completed))
    );
  };
  // Newest first by default, documented.
  const sign = query.SortOrder === "Asc" ? 1 : -1;
  const found = world.returns
    .all()
    .filter(passes)
    .toSorted((a, b) => sign * (a.id - b.id));
  const pages = Math.max(1, Math.ceil(found.length / size));
  const links = pageLinks({ path: `${VERSION}/return`, query, parameter: "Cursor", page, pages });
  const items = found.slice((page - 1) * size, page * size).map((goods) => returnBody(world, goods));
  return answer({ ...links, items });
}
