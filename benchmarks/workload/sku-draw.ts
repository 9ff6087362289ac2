import { seededRandom } from "@onepool/scenarios/harness/seeded-random.ts";

/** Whether orders are spread over all SKUs, few of them asked for often (zipf-like), all ask for one, or each SKU has its turn. */
export type Spread = "spread" | "hot" | "even";

/** How steeply demand falls from one SKU to the next: the k-th is asked for as often as 1 / k^0.99, as in YCSB. */
const ZIPF_EXPONENT = 0.99;

/** Draws made beforehand and walked in a circle, so that drawing costs nothing while it is measured. */
const DRAWS = 65_536;

/** Takes neighbours in demand apart, so that they do not share a page of a table. Prime, so every SKU has its place. */
const STRIDE = 7_919;

/** The code of the SKU with this number, from 0. */
export function skuCode(index: number): string {
  return `SKU-${String(index).padStart(6, "0")}`;
}

/** Answers a SKU at each call; the same ones in the same order for the same seed. */
export function skuDraw(spread: Spread, skus: number, seed: number): () => string {
  const next = skuNumberDraw(spread, skus, seed);
  const codes = Array.from({ length: skus }, (_, index) => skuCode(index));
  return () => codes[next()] ?? skuCode(0);
}

/** The same as numbers from 0. */
export function skuNumberDraw(spread: Spread, skus: number, seed: number): () => number {
  let next = 0;
  if (spread === "hot") return () => 0;
  if (spread === "even") return () => next++ % skus;
  const draws = zipfDraws(skus, seed).map((rank) => (rank * STRIDE) % skus);
  return () => draws[next++ % DRAWS] ?? 0;
}

/** Ranks from 0, the frequent ones small. */
function zipfDraws(skus: number, seed: number): number[] {
  const cumulative = new Float64Array(skus);
  let total = 0;
  for (let rank = 0; rank < skus; rank++) {
    total += 1 / (rank + 1) ** ZIPF_EXPONENT;
    cumulative[rank] = total;
  }
  const random = seededRandom(seed);
  return Array.from({ length: DRAWS }, () => rankAt(cumulative, random() * total));
}

/** The first rank whose cumulative weight exceeds `weight`. */
function rankAt(cumulative: Float64Array, weight: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulative[middle] ?? 0) > weight) high = middle;
    else low = middle + 1;
  }
  return low;
}
