import { capability } from "@onepool/connectors/amazon/capability.ts";
import { defaultSettings } from "@onepool/simulators/amazon/settings.ts";
import { expect, test } from "vitest";

import { demoPace } from "./demo-pace.ts";

test("a factor of one leaves a marketplace and what Onepool is told of it as they are", () => {
  const { simulated, options } = demoPace(1);
  expect(defaultSettings()).toMatchObject(simulated.amazon);
  expect(options.amazon).toMatchObject({
    orderPollIntervalMs: capability.orderPollIntervalMs,
    writeAppliesWithinMs: capability.writeAppliesWithinMs,
    writesPerMinute: capability.limits.writes.perMinute,
  });
});

test("times are divided and rates multiplied, on both sides alike", () => {
  const { simulated, options } = demoPace(300);
  expect(simulated.amazon).toMatchObject({
    orderSearchLagMs: 400,
    writeTail: { share: 0.01, minMs: 100, maxMs: 12_000 },
    limits: { factor: 300 },
  });
  expect(options.amazon).toMatchObject({ orderListLagMs: 400, writesPerMinute: 90_000 });
  expect(options.meli).toMatchObject({ orderPollIntervalMs: 200 });
});
