// `npm run bench`: how fast, how long, how much memory (README.md beside this file says how to read it).
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";

import { openDatabase } from "@onepool/server/postgres/open-database.ts";
import { startDurableCluster } from "@onepool/server/testing/test-cluster.ts";

import { parseBenchOptions, USAGE, type BenchOptions } from "./bench-options.ts";
import { runBench } from "./bench-run.ts";
import { FULL_SCALE, QUICK_SCALE } from "./bench-scale.ts";
import { describeMachine, type Machine } from "./report/machine.ts";

const RESULTS_FILE = path.join(import.meta.dirname, "results/latest.json");

/** The baseline's connections and the loader's server, beside what the server itself takes. */
const MAX_CONNECTIONS = "200";

/** Exit codes of a process ended by a signal: 128 and its number. */
const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const parsed = parseBenchOptions(process.argv.slice(2));
if (parsed.ok) process.exitCode = await main(parsed.options);
else {
  process.stderr.write(`${parsed.sentence}\n${USAGE}\n`);
  process.exitCode = 2;
}

async function main(options: BenchOptions): Promise<number> {
  const stopping = new AbortController();
  let exitCode = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => {
      exitCode = SIGNAL_CODES[signal];
      stopping.abort();
    });
  try {
    await bench(options, stopping.signal);
  } catch (error) {
    // Whatever breaks while everything is being ended broke because of that.
    if (!stopping.signal.aborted) throw error;
    process.stderr.write("the bench was stopped before it was through\n");
  }
  return exitCode;
}

async function bench(options: BenchOptions, signal: AbortSignal): Promise<void> {
  const print = (text: string): void => void process.stdout.write(`${text}\n\n`);
  const onProgress = (text: string): void => void process.stderr.write(`${text}\n`);
  const cluster = await startDurableCluster({ max_connections: MAX_CONNECTIONS });
  try {
    const machine = await machineOf(cluster.url);
    const { processor, processors, memoryGigabytes, node, postgres } = machine;
    print(
      `${processors} × ${processor}, ${memoryGigabytes} GB, Node ${node}, PostgreSQL ${postgres}, durable`,
    );
    const scale = options.isQuick ? QUICK_SCALE : FULL_SCALE;
    const result = await runBench({ serverUrl: cluster.url, scale, options, signal, print, onProgress });
    await mkdir(path.dirname(RESULTS_FILE), { recursive: true });
    await writeFile(RESULTS_FILE, `${JSON.stringify({ machine, ...result }, undefined, 2)}\n`);
    print(`written to ${path.relative(process.cwd(), RESULTS_FILE)}`);
  } finally {
    await cluster.stop();
  }
}

async function machineOf(url: string): Promise<Machine> {
  const opened = await openDatabase({ dataFolder: "", databaseUrl: url });
  if (!opened.ok) throw new Error(opened.sentence);
  try {
    return await describeMachine(opened.database);
  } finally {
    await opened.database.close();
  }
}
