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

/** How likely the sum of so many exponential sizes, `mean` of them expected and each 1 on average, exceeds `sum`. */
function compoundExceeds(mean: number, sum: number): number {
  let exactly = Math.exp(-mean);
  let more = 1 - exactly;
  // Of `count` sizes the sum exceeds it if less than so many arrivals of a Poisson process fall into it.
  let arrivals = Math.exp(-sum);
  let fewer = 0;
  let exceeds = 0;
  for (let count = 1; more > 1e-14 && count < MANY_EVENTS * 3; count++) {
    exactly *= mean / count;
    more -= exactly;
    fewer += arrivals;
    arrivals *= sum / count;
    exceeds += exactly * Math.min(1, fewer);
  }
  return exceeds;
}

/** Halvings of an interval until a quantile is known to a billionth of it. */
const HALVINGS = 30;

/** What the sum of exponential sizes, `mean` of them expected and not too many, each 1 on average, exceeds with probability `risk`. */
export function compoundQuantile(mean: number, risk: number): number {
  if (-Math.expm1(-mean) <= risk) return 0;
  let low = 0;
  let high = 1;
  while (compoundExceeds(mean, high) > risk) high *= 2;
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    if (compoundExceeds(mean, middle) > risk) low = middle;
    else high = middle;
  }
  return high;
}
