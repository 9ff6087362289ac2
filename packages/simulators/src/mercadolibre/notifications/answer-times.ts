import { createBoundedLog } from "../../bounded-log.ts";
import type { PostOutcome } from "../../http-poster.ts";
import { type Percentiles, percentiles } from "../../truth/percentiles.ts";

const KEPT_ANSWERS = 10_000;

/** How long callbacks took to answer, in real milliseconds. */
export interface AnswerTimesReport extends Percentiles {
  max: number | null;
  /** Answers later than the marketplace asks for, and those that never came. */
  late: number;
}

/** Keeps how long callbacks take to answer. */
export interface AnswerTimes {
  note(outcome: PostOutcome, latestWallMs: number): void;
  report(): AnswerTimesReport;
}

export function createAnswerTimes(): AnswerTimes {
  const answers = createBoundedLog<{ wallMs: number }>(KEPT_ANSWERS);
  let max: number | null = null;
  let late = 0;

  return {
    note({ status, wallMs }, latestWallMs) {
      if (status === 0 || wallMs > latestWallMs) late += 1;
      if (status === 0) return;
      max = Math.max(max ?? 0, wallMs);
      answers.append({ wallMs });
    },
    report: () => ({
      ...percentiles(answers.latest(KEPT_ANSWERS).map(({ wallMs }) => wallMs)),
      max,
      late,
    }),
  };
}
