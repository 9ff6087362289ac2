import { expect, test } from "vitest";

import type { DemoReport } from "./demo-report.ts";
import { policyTable } from "./policy-table.ts";

const REPORT: DemoReport = {
  policy: "real-time",
  orders: 607,
  units: 5_541,
  duplicatesDropped: 140,
  oversoldUnits: 0,
  lostUnits: 2_500,
  lostServableUnits: 86,
  saleToConfirmedMs: { p50: 111, p95: 1_221, p99: 1_582 },
  simulatedSaleToConfirmedMs: { p50: 33_300, p95: 366_300, p99: 474_600 },
  timeFactor: 300,
  isQuiet: true,
  wrongSkus: [],
};

test("the policies stand side by side, and what was never measured is said so", () => {
  const unmeasured = { p50: null, p95: null, p99: null };
  const nightly: DemoReport = {
    ...REPORT,
    policy: "nightly",
    oversoldUnits: 900,
    saleToConfirmedMs: unmeasured,
  };
  expect(policyTable([REPORT, nightly]).split("\n")).toEqual([
    "| policy | orders | units | oversold units | lost units | lost although servable | sale → confirmed p50 | p95 | p99 |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    "| real-time | 607 | 5541 | 0 | 2500 | 86 | 0.11 s | 1.22 s | 1.58 s |",
    "| nightly | 607 | 5541 | 900 | 2500 | 86 | – | – | – |",
  ]);
});
