import { Counter, Histogram } from "prom-client";

import type { CommandResult, Ledger, Submission, SubmissionAnswer } from "../ledger/ledger.ts";
import type { Metrics } from "./metrics.ts";

/** Seconds: from a lone command on a fast disk to a queue at its limit. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The same ledger, counted and timed: what it was asked, what it answered, how long that took, what it committed. */
export function measureLedger(ledger: Ledger, metrics: Metrics): Ledger {
  const registers = [metrics];
  const seconds = new Histogram({
    name: "ledger_submission_seconds",
    help: "Time from a submission to its answer, waiting included, in seconds",
    labelNames: ["answer"] as const,
    buckets: BUCKETS,
    registers,
  });
  const commands = new Counter({
    name: "ledger_commands_total",
    help: "Commands answered, by kind and result (ok or the code of the refusal)",
    labelNames: ["kind", "result"] as const,
    registers,
  });
  const entries = new Counter({ name: "ledger_entries_total", help: "Entries committed", registers });
  const batches = new Counter({ name: "ledger_batches_total", help: "Batches committed", registers });
  ledger.onCommit(({ firstSeq, lastSeq }) => {
    batches.inc();
    entries.inc(lastSeq - firstSeq + 1);
  });
  return {
    async submit(submission) {
      const stop = seconds.startTimer();
      const answer = await ledger.submit(submission);
      stop({ answer: answer.kind });
      for (const { kind, result, count } of tally(submission, answer)) commands.inc({ kind, result }, count);
      return answer;
    },
    waiting: (sellerId) => ledger.waiting(sellerId),
    onCommit: (listener) => ledger.onCommit(listener),
    close: () => ledger.close(),
  };
}

interface Tally {
  readonly kind: string;
  readonly result: string;
  count: number;
}

/** One count per kind and result: a submission may hold a thousand commands. */
function tally({ commands }: Submission, answer: SubmissionAnswer): Iterable<Tally> {
  const tallies = new Map<string, Tally>();
  if (answer.kind !== "done") return [];
  answer.results.forEach((given, index) => {
    const kind = commands[index]?.kind ?? "none";
    const result = resultOf(given);
    const key = `${kind} ${result}`;
    const known = tallies.get(key);
    if (known === undefined) tallies.set(key, { kind, result, count: 1 });
    else known.count += 1;
  });
  return tallies.values();
}

function resultOf(result: CommandResult): string {
  return result.ok ? "ok" : result.rejection.code;
}
