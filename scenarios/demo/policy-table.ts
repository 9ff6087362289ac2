import type { DemoReport } from "./demo-report.ts";

type Column = readonly [title: string, value: (report: DemoReport) => string];

const COLUMNS: readonly Column[] = [
  ["policy", ({ policy }) => policy],
  ["orders", ({ orders }) => String(orders)],
  ["units", ({ units }) => String(units)],
  ["oversold units", ({ oversoldUnits }) => String(oversoldUnits)],
  ["lost units", ({ lostUnits }) => String(lostUnits)],
  ["lost although servable", ({ lostServableUnits }) => String(lostServableUnits)],
  ["sale → confirmed p50", (report) => duration(report, "p50")],
  ["p95", (report) => duration(report, "p95")],
  ["p99", (report) => duration(report, "p99")],
];

/** The policies side by side, in Markdown. */
export function policyTable(reports: readonly DemoReport[]): string {
  const rows = [
    COLUMNS.map(([title]) => title),
    COLUMNS.map((_, index) => (index === 0 ? "---" : "---:")),
    ...reports.map((report) => COLUMNS.map(([, value]) => value(report))),
  ];
  return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Real time; where nothing had to be told in time, or nothing ever was, there is none. */
function duration({ saleToConfirmedMs }: DemoReport, percentile: "p50" | "p95" | "p99"): string {
  const ms = saleToConfirmedMs[percentile];
  return ms === null ? "–" : `${(ms / 1_000).toFixed(2)} s`;
}
