import type { AdjustmentFact } from "../../contract/keeper/keeper-fact.ts";
import { reasonOfWords } from "../../contract/keeper/reason-of-words.ts";
import type { ProfileOf } from "../profile.ts";
import type { CsvRow } from "./csv-row.ts";
import type { FileContext } from "./read-csv.ts";

/** One adjustment per row: the keeper's id makes it the same one, where there is one; otherwise the file and the line. */
export function toAdjustments(
  rows: readonly CsvRow[],
  { reasons, columns }: ProfileOf<"adjustments">,
  { sha256 }: FileContext,
): readonly AdjustmentFact[] {
  return rows.map((row) => {
    const reasonText = row.text("reason");
    const id = columns.id === undefined ? null : row.code("id");
    return {
      kind: "adjustment",
      factId: id === null ? `file:${sha256}:${row.line}` : `adjustment:${id}`,
      occurredAt: row.time("at").from,
      item: row.code("sku"),
      facility: row.facility(),
      sellable: row.units("quantity"),
      held: row.units("held", 0),
      reason: Object.hasOwn(reasons, reasonText)
        ? (reasons[reasonText] ?? "other")
        : reasonOfWords(reasonText),
      ...(reasonText === "" ? {} : { reasonText }),
    };
  });
}
