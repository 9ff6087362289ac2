import type { OrderView } from "../../../api/contract.ts";

type Line = OrderView["lines"][number];

/** Units of a SKU that an order still has on their way back: what set out less what came or was given up. */
export function returningUnits({ lines }: Pick<OrderView, "lines">, sku: string): number {
  return lines.reduce((sum, line) => sum + lineUnits(line, sku), 0);
}

function lineUnits(line: Line, sku: string): number {
  const { claim, components, received, lost } = line;
  const perSale = components.find((component) => component.sku === sku)?.units ?? 0;
  const part = claim.parts?.find((one) => one.sku === sku);
  const setOut = part === undefined ? claim.returning * perSale : part.returning;
  return Math.max(0, setOut - (received[sku] ?? 0) - (lost[sku] ?? 0));
}
