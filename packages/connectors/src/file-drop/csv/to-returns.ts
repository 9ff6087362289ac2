import type { ReturnFact } from "../../contract/keeper/keeper-fact.ts";
import { stateFactId } from "../../contract/keeper/state-fact-id.ts";
import type { ProfileOf } from "../profile.ts";
import type { CsvRow } from "./csv-row.ts";
import { groupRows, latestOf, statusOf } from "./group-rows.ts";

const STATUSES = ["announced", "open", "closed", "cancelled"] as const;

/** One return per document; without a status it is closed once each of its units has become something. */
export function toReturns(
  rows: readonly CsvRow[],
  { statuses }: ProfileOf<"returns">,
): readonly ReturnFact[] {
  return [...groupRows(rows, (row) => row.code("document"))].map(([keeperReturnId, its]) => {
    const occurredAt = latestOf(its);
    const lines = its.map(lineOf);
    const first = (name: string) => its.map((row) => row.text(name)).find((told) => told !== "") ?? null;
    const state = {
      occurredAt,
      updatedAt: occurredAt,
      keeperReturnId,
      reference: first("reference"),
      orderReference: first("order"),
      status: statusOf(its, statuses, STATUSES) ?? (lines.every(isDone) ? "closed" : "open"),
      lines,
    } satisfies Omit<ReturnFact, "kind" | "factId">;
    return { kind: "return", factId: stateFactId("return", keeperReturnId, state), ...state };
  });
}

type Line = ReturnFact["lines"][number];

function lineOf(row: CsvRow): Line {
  const dispositions = {
    restocked: row.count("restocked"),
    quarantined: row.count("quarantined", 0),
    disposed: row.count("disposed", 0),
    missing: row.count("missing", 0),
  };
  const graded = dispositions.restocked + dispositions.quarantined + dispositions.disposed;
  const received = row.count("received", graded);
  const quantity = row.count("quantity", received + dispositions.missing);
  if (received < graded)
    row.problem("received", `${graded} units became something and only ${received} are said to have come.`);
  return { item: row.code("sku"), facility: row.facility(), quantity, received, dispositions };
}

function isDone({ quantity, dispositions }: Line): boolean {
  const { restocked, quarantined, disposed, missing } = dispositions;
  return restocked + quarantined + disposed + missing >= quantity;
}
