import { expect, test } from "vitest";

import { skuCode, skuDraw, skuNumberDraw } from "./sku-draw.ts";

test("spread asks for few SKUs often and for most of them seldom", () => {
  const draw = skuNumberDraw("spread", 1_000, 1);
  const counts = new Map<number, number>();
  for (let turn = 0; turn < 65_536; turn++) {
    const sku = draw();
    counts.set(sku, (counts.get(sku) ?? 0) + 1);
  }
  const byCount = [...counts.values()].toSorted((left, right) => right - left);
  expect(Math.max(...counts.keys())).toBeLessThan(1_000);
  expect(counts.size).toBeGreaterThan(950);
  // By 1 / k^0.99 over 1,000 the first has 13 % and the hundred most frequent 68 %.
  expect((byCount[0] ?? 0) / 65_536).toBeCloseTo(0.13, 1);
  const first100 = byCount.slice(0, 100).reduce((sum, count) => sum + count, 0);
  expect(first100 / 65_536).toBeCloseTo(0.68, 1);
});

test("the same seed draws the same, another seed others", () => {
  const drawn = [1, 1, 2].map((seed) => {
    const draw = skuDraw("spread", 1_000, seed);
    return Array.from({ length: 20 }, draw).join();
  });
  expect(drawn[0]).toBe(drawn[1]);
  expect(drawn[0]).not.toBe(drawn[2]);
});

test("hot asks for one, even for each in turn", () => {
  const hot = skuDraw("hot", 3, 1);
  const even = skuDraw("even", 3, 1);
  expect([hot(), hot()]).toEqual([skuCode(0), skuCode(0)]);
  expect([even(), even(), even(), even()]).toEqual([0, 1, 2, 0].map(skuCode));
});
