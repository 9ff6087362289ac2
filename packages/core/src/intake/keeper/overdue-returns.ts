import { postingsOf, settledOf } from "../../ledger/claim.ts";
import type { OrderRecord } from "../../ledger/order-record.ts";
import type { Instant, Units } from "../../ledger/units.ts";

/** Units of an order's line that are on their way back and should have arrived. */
export interface OverdueReturn {
  readonly lineId: string;
  readonly sku: string;
  readonly units: Units;
}

const DAY_MS = 24 * 3_600_000;

/** What is overdue of an order of which units were last said to come back at `since`; nothing before so many days. */
export function overdueReturns(
  { lines }: Pick<OrderRecord, "lines">,
  {
    since,
    now,
    overdueDays,
  }: { readonly since: Instant; readonly now: Instant; readonly overdueDays: number },
): readonly OverdueReturn[] {
  if (now - since < overdueDays * DAY_MS) return [];
  return lines.flatMap((line) => {
    const postings = line.recipe === null ? [] : postingsOf(line.recipe, line.posted, settledOf(line));
    return postings.flatMap(({ bucket, sku, units }) =>
      bucket === "returning" && units > 0 ? [{ lineId: line.lineId, sku, units }] : [],
    );
  });
}
