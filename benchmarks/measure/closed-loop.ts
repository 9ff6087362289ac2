import { percentileOf } from "./percentile.ts";

/** What callers do, over and over: one call, answered with the number of order lines it made durable. */
export interface Load {
  readonly callers: number;
  call(caller: number): Promise<number>;
}

/** How long to measure, in milliseconds. */
export interface Span {
  readonly atLeastMs: number;
  /** Where calls take so long that not every caller has been answered by then, neither the way up nor the measurement waits longer. */
  readonly atMostMs: number;
}

/** What one measurement saw. Latencies are per call. */
export interface Figures {
  readonly lines: number;
  readonly calls: number;
  readonly elapsedMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
}

/**
 * Every caller sends its next call when the last one was answered. The first answers, as many as there are callers, are the way up and not
 * counted; the measurement then lasts until the span is over and as many again were counted, so that long calls of many
 * callers are not cut to a few. What is still under way then is waited for and not counted.
 */
export async function closedLoop(load: Load, span: Span): Promise<Figures> {
  const meter = new Meter(load.callers, span);
  const serve = async (caller: number): Promise<void> => {
    try {
      while (!meter.isOver()) {
        const sentAt = performance.now();
        const lines = await load.call(caller);
        meter.note(lines, sentAt, performance.now());
      }
    } catch (error) {
      meter.stop();
      throw error;
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: load.callers }, (_, caller) => serve(caller)));
  for (const end of ended) if (end.status === "rejected") throw end.reason;
  return meter.figures();
}

class Meter {
  private readonly callers: number;
  private readonly span: Span;
  private readonly latencies: number[] = [];
  private readonly begunAt = performance.now();
  private onTheWayUp: number;
  private since = 0;
  private until: number | null = null;
  private lines = 0;

  constructor(callers: number, span: Span) {
    this.callers = callers;
    this.span = span;
    this.onTheWayUp = callers;
  }

  isOver(): boolean {
    return this.until !== null;
  }

  stop(): void {
    this.until ??= performance.now();
  }

  note(lines: number, sentAt: number, answeredAt: number): void {
    if (this.isOver()) return;
    if (this.onTheWayUp > 0) {
      this.onTheWayUp = answeredAt - this.begunAt < this.span.atMostMs ? this.onTheWayUp - 1 : 0;
      this.since = answeredAt;
      return;
    }
    this.lines += lines;
    this.latencies.push(answeredAt - sentAt);
    const elapsedMs = answeredAt - this.since;
    const isEnough = this.latencies.length >= this.callers || elapsedMs >= this.span.atMostMs;
    if (elapsedMs >= this.span.atLeastMs && isEnough) this.until = answeredAt;
  }

  figures(): Figures {
    const sorted = this.latencies.toSorted((left, right) => left - right);
    return {
      lines: this.lines,
      calls: sorted.length,
      elapsedMs: (this.until ?? performance.now()) - this.since,
      p50Ms: percentileOf(sorted, 0.5),
      p99Ms: percentileOf(sorted, 0.99),
      longestMs: sorted.at(-1) ?? 0,
    };
  }
}
