import type { Log } from "../log/log.ts";

export interface PulseOptions {
  /** For the log: which work this is. */
  readonly name: string;
  readonly stage: string;
  readonly log: Log;
  /** Does what is due; answers when to look again, in milliseconds, at most `idleMs`. */
  work(): Promise<number | void>;
  /** Looks again after this long without being woken: whatever woke us may have been missed. In milliseconds. */
  readonly idleMs: number;
}

/** After a failure of ours or of the database, in milliseconds. */
const FAILURE_WAIT_MS = 1_000;

/**
 * Runs one piece of work at a time: when it is woken, and every so often. A wake during the work runs it once more, so that
 * nothing that happened after it began looking is overlooked.
 */
export class Pulse {
  private readonly options: PulseOptions;
  private timer: { readonly handle: NodeJS.Timeout; readonly at: number } | null = null;
  /** Asked for during the work: when to be woken after it, by the process' own time. */
  private wakeAt = Infinity;
  private ended: Promise<void> = Promise.resolve();
  private isRunning = false;
  private isWoken = false;
  private isClosed = false;

  constructor(options: PulseOptions) {
    this.options = options;
  }

  wake(): void {
    if (this.isClosed) return;
    this.isWoken = true;
    if (this.isRunning) return;
    this.stopTimer();
    this.ended = this.run();
  }

  /** Wakes after a while, or sooner if something else does: what comes meanwhile is done together. */
  wakeIn(ms: number): void {
    if (this.isClosed) return;
    this.wakeAt = Math.min(this.wakeAt, performance.now() + ms);
    if (!this.isRunning) this.setTimer(Infinity);
  }

  /** Ends after the work under way. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.stopTimer();
    await this.ended;
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    this.wakeAt = Infinity;
    let waitMs = this.options.idleMs;
    while (this.isWoken && !this.isClosed) {
      this.isWoken = false;
      waitMs = await this.attempt();
    }
    this.isRunning = false;
    this.setTimer(waitMs);
  }

  /** One timer, for the soonest of what was asked for. */
  private setTimer(waitMs: number): void {
    if (this.isClosed) return;
    const inMs = Math.max(0, Math.min(waitMs, this.options.idleMs));
    const at = Math.min(performance.now() + inMs, this.wakeAt, this.timer?.at ?? Infinity);
    this.stopTimer();
    const handle = setTimeout(() => this.wake(), Math.max(0, at - performance.now()));
    handle.unref();
    this.timer = { handle, at };
  }

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer.handle);
    this.timer = null;
  }

  private async attempt(): Promise<number> {
    const { idleMs, log, stage, name } = this.options;
    try {
      return (await this.options.work()) ?? idleMs;
    } catch (error) {
      log.warn({ stage, work: name, err: error }, "work failed and is tried again");
      return FAILURE_WAIT_MS;
    }
  }
}
