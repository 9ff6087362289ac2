// What an order still wants shipped, and what keepers were asked for it: both in SKUs, line by line.
import { postingsOf } from "../../ledger/claim.ts";
import { mergeSources } from "../../ledger/merged-facts.ts";
import type { ClaimLine, OrderRecord } from "../../ledger/order-record.ts";
import { heldFacts } from "../../ledger/source-facts.ts";
import type { Units } from "../../ledger/units.ts";

/** Units of a SKU for one line of an order. */
export interface LineUnits {
  readonly lineId: string;
  readonly sku: string;
  /** At least 1. */
  readonly units: Units;
}

/** What a line is about: what the buyer wants, what is still promised, and what keepers counted as having left. */
export interface LineNeed {
  readonly lineId: string;
  readonly sku: string;
  /** Ordered and not cancelled. */
  readonly wanted: Units;
  /** Promised and not yet known to have left. */
  readonly committed: Units;
  /** What keepers say has left. */
  readonly left: Units;
}

/** The needs of an order's lines that the seller ships; lines that nobody mapped are not among them. */
export function needsOf(order: OrderRecord): LineNeed[] {
  return order.lines.flatMap((line) => needOfLine(line));
}

function needOfLine(line: ClaimLine): LineNeed[] {
  const { lineId, recipe } = line;
  const merged = mergeSources(line.sources, heldFacts);
  if (recipe === null || merged === null || merged.fulfilledBy === "channel") return [];
  const wanted = Math.max(0, merged.quantity - merged.cancelled);
  const committed = postingsOf(recipe, line.posted, line.received).filter(
    ({ bucket }) => bucket === "committed",
  );
  const { keeper } = line.sources;
  const counted = (keeper === undefined ? null : heldFacts(keeper))?.left ?? [];
  return recipe.map(({ sku, units }) => ({
    lineId,
    sku,
    wanted: wanted * units,
    committed: sumOf(committed, sku),
    left: sumOf(counted, sku),
  }));
}

function sumOf(rows: readonly { readonly sku: string; readonly units: Units }[], sku: string): Units {
  return rows.reduce((sum, row) => (row.sku === sku ? sum + row.units : sum), 0);
}
