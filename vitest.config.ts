import { defineConfig } from "vitest/config";

import { SummaryReporter } from "./tests/summary-reporter.ts";

/**
 * The kinds of test, told apart by the suffix of the file (CONTRIBUTING.md, "Tests"). Groups run one after the
 * other: whole-system tests have the machine to themselves, so that they never starve beside a full queue.
 */
const roots = ["packages", "scenarios", "benchmarks", "launch"];

function filesNamed(pattern: string): string[] {
  return roots.map((root) => `${root}/**/${pattern}`);
}

interface Kind {
  name: string;
  include: string[];
  exclude?: string[];
  groupOrder: number;
  timeoutMs: number;
  maxWorkers: number;
  globalSetup?: string[];
}

/** One throwaway PostgreSQL for all workers of the run, started when the first test asks for a database. */
const sharedCluster = ["packages/server/src/testing/shared-cluster.ts"];

/** `timeoutMs` only ends what hangs; nothing is asserted about how long a test takes. */
const kinds: Kind[] = [
  { name: "check", include: ["tests/**/*.test.ts"], groupOrder: 0, timeoutMs: 300_000, maxWorkers: 2 },
  {
    name: "unit",
    include: filesNamed("*.test.{ts,tsx}"),
    exclude: ["**/*.{property,db,scenario,browser}.test.{ts,tsx}"],
    groupOrder: 1,
    timeoutMs: 30_000,
    maxWorkers: 2,
  },
  {
    name: "property",
    include: filesNamed("*.property.test.ts"),
    groupOrder: 1,
    timeoutMs: 120_000,
    maxWorkers: 2,
  },
  {
    name: "db",
    include: filesNamed("*.db.test.ts"),
    groupOrder: 2,
    timeoutMs: 120_000,
    maxWorkers: 2,
    globalSetup: sharedCluster,
  },
  {
    name: "scenario",
    include: filesNamed("*.scenario.test.ts"),
    groupOrder: 3,
    timeoutMs: 600_000,
    maxWorkers: 1,
    globalSetup: sharedCluster,
  },
  {
    name: "browser",
    include: filesNamed("*.browser.test.ts"),
    groupOrder: 4,
    timeoutMs: 180_000,
    maxWorkers: 1,
    globalSetup: [...sharedCluster, "tests/bring-chromium.ts"],
  },
];

export default defineConfig({
  test: {
    reporters: ["default", new SummaryReporter()],
    projects: kinds.map((kind) => ({
      extends: true,
      test: {
        name: kind.name,
        include: kind.include,
        exclude: ["**/node_modules/**", "**/dist/**", ...(kind.exclude ?? [])],
        maxWorkers: kind.maxWorkers,
        globalSetup: kind.globalSetup ?? [],
        sequence: { groupOrder: kind.groupOrder },
        testTimeout: kind.timeoutMs,
        hookTimeout: Math.max(kind.timeoutMs, 120_000),
      },
    })),
  },
});
