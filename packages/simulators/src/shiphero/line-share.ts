/** How much of each line; lines of one item share what the warehouse counts for the item, the first come first. */
export interface Shares<Line> {
  of(line: Line): number;
}

/** Deals out what is counted per item to the lines of it; no line gets more than it asks for. */
export function shareAmongLines<Line extends { sku: string; quantity: number }>(
  lines: readonly Line[],
  countOf: (sku: string) => number,
): Shares<Line> {
  const left = new Map<string, number>();
  const shares = new Map<Line, number>();
  for (const line of lines) {
    const rest = left.get(line.sku) ?? countOf(line.sku);
    const isLast = lines.findLast(({ sku }) => sku === line.sku) === line;
    // What goes beyond all lines (a delivery of more than was announced) stands on the last of them.
    const share = isLast ? rest : Math.min(rest, line.quantity);
    shares.set(line, share);
    left.set(line.sku, rest - share);
  }
  return { of: (line) => shares.get(line) ?? 0 };
}
