import { numberedPage } from "../vendor/paging.ts";
import { isAmong, isWithin, listIn, numbersIn, readQuery, spanIn } from "../vendor/query.ts";
import { answer, badRequest, type VendorAnswer } from "../vendor/vendor-answer.ts";
import { facilityCalled, type World } from "../world.ts";
import { inboundBehind, receivingBody } from "./receiving-body.ts";
import { type ReceivingOrder, receivingStatus } from "./receiving-book.ts";

const parameters = [
  "Page",
  "Limit",
  "IDs",
  "Statuses",
  "InsertStartDate",
  "InsertEndDate",
  "FulfillmentCenterIds",
  "PurchaseOrderNumbers",
  "CompletedStartDate",
  "CompletedEndDate",
] as const;

/** `GET receiving`: newest first (ASSUMED). */
export function listReceiving(world: World, raw: unknown): VendorAnswer {
  const read = readQuery(raw, parameters);
  if ("wrong" in read) return read.wrong;
  const { query } = read;
  const made = spanIn(query, "InsertStartDate", "InsertEndDate");
  if ("wrong" in made) return made.wrong;
  const completed = spanIn(query, "CompletedStartDate", "CompletedEndDate");
  if ("wrong" in completed) return completed.wrong;
  const ids = numbersIn(query.IDs);
  const centers = numbersIn(query.FulfillmentCenterIds);
  if (ids === null || centers === null) return badRequest("IDs", "must be numbers separated by commas.");
  const statuses = listIn(query.Statuses);
  const numbers = listIn(query.PurchaseOrderNumbers);
  const asksCompleted = query.CompletedStartDate !== undefined || query.CompletedEndDate !== undefined;
  const passes = (order: ReceivingOrder): boolean => {
    const inbound = inboundBehind(world, order);
    return (
      isAmong(ids, order.id) &&
      isAmong(statuses, receivingStatus(inbound)) &&
      isAmong(numbers, order.purchaseOrderNumber ?? "") &&
      isAmong(centers, facilityCalled(world, inbound.facility).id) &&
      isWithin(order.createdAt, made) &&
      (!asksCompleted || isWithin(order.completedAt, completed))
    );
  };
  const found = world.receiving.all().filter(passes);
  const page = numberedPage(
    found.toSorted((a, b) => b.id - a.id),
    query,
  );
  return "wrong" in page ? page.wrong : answer(page.entries.map((order) => receivingBody(world, order)));
}
