// `npm run demo`: Onepool as a seller would run it, two simulated marketplaces, and a day of real orders between them.
import { once } from "node:events";

import { demoOptions, type DemoOptions, POLICIES } from "./demo-options.ts";
import type { DemoReport } from "./demo-report.ts";
import { playDemo } from "./play-demo.ts";
import { policyTable } from "./policy-table.ts";

const options = demoOptions(process.argv.slice(2));
if (typeof options === "string") {
  process.stderr.write(`${options}\n`);
  process.exit(2);
}
const ending = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => ending.abort());
process.exitCode = await (options.compare ? compare(options, ending.signal) : play(options, ending.signal));

/** One day. With `--exit` its report is the last line; without, the page stays open until Ctrl-C. */
async function play(chosen: DemoOptions, signal: AbortSignal): Promise<number> {
  const report = await playDemo(chosen, {
    signal,
    say,
    async beforeEnd(done, url) {
      if (chosen.exit) return;
      say(`${JSON.stringify(done)}\nThe day is over. The page stays open: ${url} (Ctrl-C ends it)`);
      if (!signal.aborted) await once(signal, "abort");
    },
  });
  if (report === null) return 130;
  if (!chosen.exit) return 0;
  say(JSON.stringify(report));
  return isRight(report) ? 0 : 1;
}

/** The same day under each policy, one after the other, and a table of them at the end. */
async function compare(chosen: DemoOptions, signal: AbortSignal): Promise<number> {
  const reports: DemoReport[] = [];
  for (const policy of POLICIES) {
    const report = await playDemo({ ...chosen, policy }, { signal, say });
    if (report === null) return 130;
    say(JSON.stringify(report));
    reports.push(report);
  }
  say(policyTable(reports));
  return reports.every(isRight) ? 0 : 1;
}

function isRight({ isQuiet, wrongSkus }: DemoReport): boolean {
  return isQuiet && wrongSkus.length === 0;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
