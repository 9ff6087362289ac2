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
  private timer: NodeJS.Timeout | null = null;
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

  /** Ends after the work under way. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.stopTimer();
    await this.ended;
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    let waitMs = this.options.idleMs;
    while (this.isWoken && !this.isClosed) {
      this.isWoken = false;
      waitMs = await this.attempt();
    }
    this.isRunning = false;
    if (this.isClosed) return;
    this.timer = setTimeout(() => this.wake(), Math.max(0, Math.min(waitMs, this.options.idleMs)));
    this.timer.unref();
  }

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
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
