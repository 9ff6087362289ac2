/** From so many expected on their number is taken to be known: the sums would get long. */
export const MANY_EVENTS = 500;

/** How likely so many of `mean` expected events are at least `count`. */
export function poissonReaches(mean: number, count: number): number {
  if (count <= 0) return 1;
  if (mean > MANY_EVENTS) return count <= mean ? 1 : 0;
  // Summed from the tail: one less the rest would lose the small ones.
  let term = Math.exp(-mean);
  for (let nth = 1; nth <= count; nth++) term *= mean / nth;
  let reached = 0;
  for (let nth = count; term > reached * 1e-12 && term > 0; nth++) {
    reached += term;
    term *= mean / (nth + 1);
  }
  return Math.min(1, reached);
}

/** The fewest events that `mean` expected ones, not too many, do not exceed with probability `share`. */
export function poissonQuantile(mean: number, share: number): number {
  if (!(mean > 0) || share <= 0) return 0;
  let term = Math.exp(-mean);
  let below = term;
  let count = 0;
  while (below < Math.min(share, 1 - 1e-12)) {
    count += 1;
    term *= mean / count;
    below += term;
  }
  return count;
}

/** Halvings of an interval until a double has no more digits to give. */
const HALVINGS = 60;

/** The mean at which at least `count` events, one or more and not too many, are as likely as `risk`. */
export function poissonMeanReaching(count: number, risk: number): number {
  let low = 0;
  let high = count;
  while (poissonReaches(high, count) < risk) high *= 2;
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    if (poissonReaches(middle, count) < risk) low = middle;
    else high = middle;
  }
  return high;
}
