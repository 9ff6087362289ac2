import { writeFileSync } from "node:fs";
import { relative } from "node:path";

import type { Reporter, TestModule } from "vitest/node";

/**
 * Counts what ran and names what was skipped, with the reason given to `skip(reason)`. A file that cannot be
 * loaded and an error outside every test count as failures: a run is green only if everything in it ran.
 *
 * The last line belongs to the launcher, which prints it after everything else has ended and also when this
 * process dies before it can; it is handed over in the file that ONEPOOL_TEST_SUMMARY names.
 */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const summary = summarize(modules, unhandledErrors.length);
    for (const skip of summary.skips) process.stdout.write(`skipped: ${skip}\n`);
    const line = `${summary.passed} passed, ${summary.failed} failed${
      summary.skips.length > 0 ? `, ${summary.skips.length} skipped` : ""
    }`;
    const file = process.env.ONEPOOL_TEST_SUMMARY;
    if (file === undefined) process.stdout.write(`${line}\n`);
    else writeFileSync(file, `${line}\n`);
  }
}

interface Summary {
  passed: number;
  failed: number;
  skips: string[];
}

function summarize(modules: readonly TestModule[], unhandledErrorCount: number): Summary {
  const summary: Summary = { passed: 0, failed: unhandledErrorCount, skips: [] };
  for (const module of modules) {
    // Errors of the file itself or of a suite's hooks; the tests below them are counted on their own.
    summary.failed += module.errors().length;
    for (const suite of module.children.allSuites()) summary.failed += suite.errors().length;
    const file = relative(process.cwd(), module.moduleId);
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === "passed") summary.passed += 1;
      else if (result.state === "failed") summary.failed += 1;
      else if (result.state === "skipped")
        summary.skips.push(`${file} › ${test.fullName}: ${result.note ?? "no reason given"}`);
      // Collected but never run: the run was cut short.
      else summary.failed += 1;
    }
  }
  return summary;
}
