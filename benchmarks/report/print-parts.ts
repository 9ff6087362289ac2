import type { ByHand } from "../baseline/baseline-variants.ts";
import type { ThroughHttp } from "../http/http-variants.ts";
import type { ThroughLedger } from "../ledger/ledger-variants.ts";
import type { Measured } from "../measure/interleave.ts";
import { standingOf, type Ratio } from "../measure/ratio.ts";
import { throughputOf } from "../measure/throughput.ts";
import { IDLE_MEGABYTES_MAX, type IdleMemory } from "../memory/measure-idle-memory.ts";
import { tableOf, type Cell } from "./table.ts";

type Row = Measured<ThroughLedger | ByHand | ThroughHttp>;

/** Order lines a second and milliseconds per call, a line per variant. */
export function throughputTable(rows: readonly Row[]): string {
  const head = ["through", "stock", "per call", "callers", "lines/s", "worst", "p50 ms", "p99 ms", "worst"];
  return tableOf(
    head,
    rows.map(({ name, rounds }) => {
      const { linesPerSecond, p50Ms, p99Ms } = throughputOf(rounds);
      const rates = [linesPerSecond.median, linesPerSecond.worst].map(Math.round);
      return [...wordsFor(name), ...rates, p50Ms.median, p99Ms.median, p99Ms.worst];
    }),
  );
}

function wordsFor(name: Row["name"]): Cell[] {
  if (name.kind === "baseline") return [`by hand: ${name.pattern}`, name.spread, 1, name.callers];
  const through = name.kind === "http" ? "POST /v1/orders" : name.kind;
  const stock = name.kind === "plain fastify" ? "none" : name.spread;
  return [through, stock, name.ordersPerCall, name.callers];
}

/** Each ratio beside what it must reach. */
export function ratioTable(ratios: readonly Ratio[]): string {
  return tableOf(
    ["ratio", "median", "worst", "floor", "goal", "reached"],
    ratios.map(({ what, median, worst, mark }) => [
      what,
      median,
      worst,
      mark.floor,
      mark.goal,
      standingOf(median, mark),
    ]),
  );
}

export function memoryTable(memory: IdleMemory): string {
  const { skus, orderLines } = memory;
  return tableOf(
    [`memory with ${skus.toLocaleString("en-US")} SKUs`, "MB"],
    [
      ["server (Node), just started", megabytes(memory.serverStartedMegabytes)],
      [
        `server, after ${orderLines.toLocaleString("en-US")} orders`,
        megabytes(memory.serverAfterLoadMegabytes),
      ],
      [
        `server, idle for ${memory.restSeconds} s (to be below ${IDLE_MEGABYTES_MAX})`,
        megabytes(memory.serverIdleMegabytes),
      ],
      ["PostgreSQL apart, idle, shared pages once", megabytes(memory.postgresIdleMegabytes)],
    ],
  );
}

function megabytes(figure: number | null): Cell {
  return figure === null ? "not measured" : Math.round(figure);
}
