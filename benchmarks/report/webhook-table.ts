import { medianOf } from "../measure/median.ts";
import type { WebhookRow } from "../webhook/measure-webhook.ts";
import type { WebhookFigures } from "../webhook/webhook-job.ts";
import { tableOf, type Cell } from "./table.ts";

/** The most that p99 from a notification to the push it leads to may take at this rate, in milliseconds. */
export const WEBHOOK_MARK = { perSecond: 5_000, floorMs: 50, goalMs: 25 } as const;

/** A line per offered rate. */
export function webhookTable(rows: readonly WebhookRow[]): string {
  const { perSecond, floorMs, goalMs } = WEBHOOK_MARK;
  const head = [
    "notifications/s",
    "rounds",
    "pushed",
    "ack p50 ms",
    "p99",
    "push p50 ms",
    "p99",
    "worst",
    "remark",
  ];
  const marks = `at ${perSecond.toLocaleString("en-US")}/s push p99 is to be below ${floorMs} ms, better below ${goalMs} ms`;
  return `${tableOf(head, rows.map(lineOf))}\n${marks}`;
}

function lineOf({ perSecond, rounds }: WebhookRow): readonly Cell[] {
  const over = (figure: (round: WebhookFigures) => number): number => medianOf(rounds.map(figure));
  if (rounds.length === 0)
    return [perSecond, 0, "-", "-", "-", "-", "-", "-", "not measured: too much at a lower rate already"];
  const share = Math.min(...rounds.map(({ issued, sales }) => issued / sales));
  return [
    perSecond,
    rounds.length,
    `${Math.floor(share * 100)} %`,
    shown(over((round) => round.ackP50Ms)),
    shown(over((round) => round.ackP99Ms)),
    shown(over((round) => round.issuedP50Ms)),
    shown(over((round) => round.issuedP99Ms)),
    shown(Math.max(...rounds.map((round) => round.issuedP99Ms))),
    share < 1 ? "fell behind: what was not pushed in time is not in the figures" : "",
  ];
}

function shown(milliseconds: number): string {
  return milliseconds >= 100 ? String(Math.round(milliseconds)) : milliseconds.toPrecision(3);
}
