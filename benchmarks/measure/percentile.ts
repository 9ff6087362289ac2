/** The smallest value that `share` (0 to 1) of the values do not exceed. `sorted` is ascending; 0 when it is empty. */
export function percentileOf(sorted: ArrayLike<number>, share: number): number {
  const rank = Math.ceil(share * sorted.length);
  return sorted[Math.max(0, rank - 1)] ?? 0;
}
