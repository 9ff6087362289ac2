import { mercadolibre } from "@onepool/connectors/mercadolibre/connector.ts";
import { expect, test } from "vitest";

import { withPace } from "./connection-pace.ts";

const { capability } = mercadolibre;

test("leaves the channel's own times and rates where the settings say nothing, or nonsense", () => {
  expect(withPace(capability, {})).toEqual(capability);
  const nonsense = {
    orderPollIntervalMs: -1,
    orderListLagMs: "soon",
    writesPerMinute: 0,
    readsPerMinute: Infinity,
  };
  expect(withPace(capability, nonsense)).toEqual(capability);
});

test("takes a time of 0, and a rate with a second's worth at once", () => {
  const paced = withPace(capability, {
    orderListLagMs: 0,
    orderListsPerMinute: 0.5,
    writesPerMinute: 60_000,
  });
  expect(paced.orderListLagMs).toBe(0);
  expect(paced.limits.orderLists).toEqual({ ...capability.limits.orderLists, perMinute: 0.5 });
  expect(paced.limits.writes).toEqual({ perMinute: 60_000, burst: 1_000 });
  expect(paced.limits.reads).toEqual(capability.limits.reads);
});
