import type { Database } from "@onepool/server/postgres/open-database.ts";

import type { BenchOptions, Part } from "./bench-options.ts";
import type { BenchScale } from "./bench-scale.ts";
import { withOwnDatabase } from "./database/own-database.ts";
import { measureHttp } from "./http/measure-http.ts";
import { measureLedger } from "./ledger/measure-ledger.ts";
import type { Measured, Pace } from "./measure/interleave.ts";
import type { Ratio } from "./measure/ratio.ts";
import { linesPerSecond, throughputOf } from "./measure/throughput.ts";
import { measureIdleMemory } from "./memory/measure-idle-memory.ts";
import { compareHttp } from "./report/compare-http.ts";
import { compareLedger } from "./report/compare-ledger.ts";
import { loadAverage } from "./report/machine.ts";
import { memoryTable, ratioTable, throughputTable } from "./report/print-parts.ts";
import { webhookTable, WEBHOOK_MARK } from "./report/webhook-table.ts";
import { measureWebhook } from "./webhook/measure-webhook.ts";

/** Where the bench runs and whom it tells. */
export interface BenchRun {
  /** A PostgreSQL in which it makes and drops databases of its own. */
  readonly serverUrl: string;
  readonly scale: BenchScale;
  readonly options: BenchOptions;
  readonly signal: AbortSignal;
  /** A table or a heading, as soon as it is known. */
  print(text: string): void;
  onProgress(text: string): void;
}

/** What one part came to: for the file, and what it adds to the comparison at the end. */
interface PartResult {
  readonly json: object;
  readonly ratios: readonly Ratio[];
}

type MeasurePart = (database: Database, run: BenchRun) => Promise<PartResult>;

const MEASURE: Readonly<Record<Part, MeasurePart>> = {
  async ledger(database, run) {
    const { settings, baselineConnections, skus } = run.scale;
    const measured = await measureLedger(database, {
      settings,
      baselineConnections,
      skus,
      pace: paceOf(run, "ledger"),
    });
    run.print(throughputTable(measured));
    return { json: measured.map(rowOf), ratios: compareLedger(measured) };
  },
  async http(database, run) {
    const { settings, skus } = run.scale;
    const { profileFolder } = run.options;
    const measured = await measureHttp(database, {
      settings,
      skus,
      profileFolder,
      pace: paceOf(run, "http"),
    });
    run.print(throughputTable(measured));
    return { json: measured.map(rowOf), ratios: compareHttp(measured) };
  },
  async webhook(database, run) {
    const { signal, options, scale } = run;
    const rows = await measureWebhook(database, {
      ...scale.webhook,
      profileFolder: options.profileFolder,
      signal,
      onProgress: (text) => run.onProgress(`webhook: ${text}`),
    });
    run.print(webhookTable(rows));
    return { json: { mark: WEBHOOK_MARK, rows }, ratios: [] };
  },
  async idle(database, run) {
    const memory = await measureIdleMemory(database, {
      ...run.scale.idle,
      signal: run.signal,
      onProgress: (text) => run.onProgress(`idle: ${text}`),
    });
    run.print(memoryTable(memory));
    return { json: memory, ratios: [] };
  },
};

/** Measures the wanted parts, each in a database of its own. Answers everything, for the file. */
export async function runBench(run: BenchRun): Promise<object> {
  const parts: Record<string, object> = {};
  const ratios: Ratio[] = [];
  const takenAt = new Date().toISOString();
  for (const part of run.options.parts) {
    run.signal.throwIfAborted();
    const before = loadAverage();
    const begunAt = performance.now();
    const { json, ratios: added } = await withOwnDatabase(
      run.serverUrl,
      `onepool_bench_${part}_${process.pid}`,
      (database) => MEASURE[part](database, run),
    );
    const seconds = Math.round((performance.now() - begunAt) / 1000);
    parts[part] = { seconds, loadAverageBefore: before, loadAverageAfter: loadAverage(), result: json };
    ratios.push(...added);
  }
  if (ratios.length > 0) run.print(ratioTable(ratios));
  return { takenAt, scale: run.options.isQuick ? "quick" : "full", parts, ratios };
}

function paceOf(run: BenchRun, part: Part): Pace {
  const { rounds, warmUp, round, budgetMs } = run.scale;
  const onProgress = (text: string): void => run.onProgress(`${part}: ${text}`);
  return { rounds, warmUp, round, budgetMs, signal: run.signal, onProgress };
}

function rowOf<Name>({ name, rounds }: Measured<Name>): object {
  return {
    ...name,
    ...throughputOf(rounds),
    linesPerSecondOfRounds: rounds.map((round) => Math.round(linesPerSecond(round))),
  };
}
