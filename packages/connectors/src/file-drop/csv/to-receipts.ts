import type { ReceiptFact } from "../../contract/keeper/keeper-fact.ts";
import { stateFactId } from "../../contract/keeper/state-fact-id.ts";
import type { ProfileOf } from "../profile.ts";
import type { CsvRow } from "./csv-row.ts";
import { groupRows, latestOf, statusOf } from "./group-rows.ts";

const STATUSES = ["open", "closed", "cancelled"] as const;

/** One receipt per delivery; without a status it is closed: files tell what came when it was counted. */
export function toReceipts(
  rows: readonly CsvRow[],
  { statuses }: ProfileOf<"receipts">,
): readonly ReceiptFact[] {
  return [...groupRows(rows, (row) => row.code("document"))].map(([keeperInboundId, its]) => {
    const occurredAt = latestOf(its);
    const state = {
      occurredAt,
      updatedAt: occurredAt,
      keeperInboundId,
      reference: its.map((row) => row.text("reference")).find((told) => told !== "") ?? null,
      status: statusOf(its, statuses, STATUSES) ?? "closed",
      lines: linesOf(its),
    } satisfies Omit<ReceiptFact, "kind" | "factId">;
    return { kind: "receipt", factId: stateFactId("inbound", keeperInboundId, state), ...state };
  });
}

type Line = ReceiptFact["lines"][number];

/** A SKU may lie on several pallets. */
function linesOf(rows: readonly CsvRow[]): Line[] {
  const lines = new Map<string, Line>();
  for (const row of rows) {
    const [item, facility] = [row.code("sku"), row.facility()];
    const key = JSON.stringify([item, facility]);
    const before = lines.get(key);
    lines.set(key, {
      item,
      facility,
      expected: (before?.expected ?? 0) + row.count("expected", 0),
      stowed: (before?.stowed ?? 0) + row.count("received"),
      damaged: (before?.damaged ?? 0) + row.count("damaged", 0),
    });
  }
  return [...lines.values()];
}
