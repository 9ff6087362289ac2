import { HALF_LIVES_MS } from "@onepool/core/allocate/demand.ts";

/** SQL: what a listing sold, by the columns of its state, as `SoldUnits`. */
export function soldUnits(state: string): string {
  return `json_build_object('recent', ${state}.sold_recent, 'steady', ${state}.sold_steady,
      'recentOrders', ${state}.orders_recent, 'steadyOrders', ${state}.orders_steady,
      'recentSquares', ${state}.squares_recent, 'steadySquares', ${state}.squares_steady,
      'at', (extract(epoch from ${state}.sold_at) * 1000)::int8)`;
}

/** SQL: what an age in milliseconds leaves of units, each half-life halving them. */
export function halved(ageMs: string, halfLifeMs: number): string {
  return `power(0.5, least(60, greatest(0, ${ageMs}) / ${halfLifeMs}.0))`;
}

/** SQL: the pace at which a listing sells at an instant, as `livePace` reckons it, without its orders. */
export function livePaceOf(
  state: string,
  now: string,
): { readonly rate: string; readonly squareRate: string } {
  const ageMs = `extract(epoch from ${now} - ${state}.sold_at) * 1000`;
  const perMs = (column: string, halfLifeMs: number) =>
    `${state}.${column} * ${halved(ageMs, halfLifeMs)} * ln(2) / ${halfLifeMs}.0`;
  const both = (kind: string) =>
    `${perMs(`${kind}_recent`, HALF_LIVES_MS.recent)}, ${perMs(`${kind}_steady`, HALF_LIVES_MS.steady)}`;
  return {
    rate: `coalesce(greatest(${both("sold")}), 0)`,
    squareRate: `coalesce(greatest(${both("sold")}, ${both("squares")}), 0)`,
  };
}
