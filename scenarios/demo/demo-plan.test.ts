import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

import { CHANNELS, planDemo } from "./demo-plan.ts";
import { readOrderFile } from "./order-file.ts";

const FIXTURE = fileURLToPath(new URL("../fixtures/online-retail-day.csv", import.meta.url));

describe("the demo's plan", () => {
  test("plays every line of the fixture, on both accounts, with less stock than is asked for", async () => {
    const { rows, bad } = await readOrderFile(FIXTURE, CHANNELS);
    expect(bad).toEqual([]);
    const plan = planDemo(rows, 1);
    expect(plan.attempts.length).toBe(607);
    expect(plan.skus.length).toBe(56);
    expect(new Set(plan.attempts.map(({ channel }) => channel))).toEqual(new Set(CHANNELS));
    for (const { sku, openingUnits } of plan.skus) {
      const wanted = plan.attempts
        .filter((attempt) => attempt.sku === sku)
        .reduce((sum, { quantity }) => sum + quantity, 0);
      expect(openingUnits).toBeLessThanOrEqual(Math.max(1, wanted * 0.6));
      expect(openingUnits).toBeGreaterThanOrEqual(1);
    }
    expect(plan.attempts.map(({ at }) => at)).toEqual(
      plan.attempts.map(({ at }) => at).toSorted((left, right) => left - right),
    );
  });

  test("is the same for the same seed and another for another", async () => {
    const { rows } = await readOrderFile(FIXTURE, CHANNELS);
    expect(planDemo(rows, 7)).toEqual(planDemo(rows, 7));
    expect(planDemo(rows, 7)).not.toEqual(planDemo(rows, 8));
  });
});
