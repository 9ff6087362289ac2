import type { ShipmentFact } from "../../contract/keeper/keeper-fact.ts";
import { stateFactId } from "../../contract/keeper/state-fact-id.ts";
import type { ProfileOf } from "../profile.ts";
import type { CsvRow } from "./csv-row.ts";
import { groupRows, latestOf, statusOf } from "./group-rows.ts";

const STATUSES = ["open", "shipped", "cancelled", "short", "on_hold"] as const;

/** One shipment per document of the keeper's, or per order of ours: what its rows say left, all of it. */
export function toShipments(
  rows: readonly CsvRow[],
  { statuses, columns }: ProfileOf<"shipments">,
): readonly ShipmentFact[] {
  const documentOf = (row: CsvRow): string =>
    columns.document === undefined ? row.code("reference") : row.code("document");
  return [...groupRows(rows, documentOf)].map(([keeperOrderId, its]) => {
    const lines = its.map((row) => lineOf(row, columns.ordered !== undefined));
    const occurredAt = latestOf(its);
    const tracking = [...new Set(its.map((row) => row.text("tracking")).filter((number) => number !== ""))];
    const state = {
      occurredAt,
      updatedAt: occurredAt,
      keeperOrderId,
      reference: referenceOf(its),
      status: statusOf(its, statuses, STATUSES) ?? statusByLines(lines),
      lines,
      ...(tracking.length === 0 ? {} : { tracking }),
    } satisfies Omit<ShipmentFact, "kind" | "factId">;
    return { kind: "shipment", factId: stateFactId("order", keeperOrderId, state), ...state };
  });
}

type Line = ShipmentFact["lines"][number];

function lineOf(row: CsvRow, saysOrdered: boolean): Line {
  const lineId = row.text("lineId");
  const shortReason = row.text("shortReason");
  return {
    ...(lineId === "" ? {} : { lineId }),
    item: row.code("sku"),
    facility: row.facility(),
    ...(saysOrdered ? { ordered: row.count("ordered", 0) } : {}),
    shipped: row.count("shipped"),
    ...(shortReason === "" ? {} : { shortReason }),
  };
}

/** A shipment is told when it left, so that what it lacks stays behind. */
function statusByLines(lines: readonly Line[]): ShipmentFact["status"] {
  const isShort = lines.some(
    ({ ordered = 0, shipped, shortReason }) => shipped < ordered || shortReason !== undefined,
  );
  return isShort ? "short" : "shipped";
}

function referenceOf(rows: readonly CsvRow[]): string {
  const [first, ...others] = rows;
  const reference = first?.code("reference") ?? "";
  const other = others.find((row) => row.text("reference") !== reference);
  other?.problem(
    "reference",
    `it is another one than on line ${first?.line ?? 0}, and the document is the same: a shipment is of one order.`,
  );
  return reference;
}
