import type { Log } from "../log/log.ts";

/** What was started, to be ended in the opposite order, whatever fails on the way. */
export class Closers {
  private readonly steps: { readonly name: string; readonly close: () => unknown }[] = [];
  private readonly log: Log;
  private closing: Promise<void> | null = null;

  constructor(log: Log) {
    this.log = log;
  }

  add(name: string, close: () => unknown): void {
    this.steps.push({ name, close });
  }

  isClosing(): boolean {
    return this.closing !== null;
  }

  /** Ends everything, once; a second call waits for the same end. */
  close(): Promise<void> {
    this.closing ??= this.closeAll();
    return this.closing;
  }

  private async closeAll(): Promise<void> {
    for (const { name, close } of this.steps.toReversed()) {
      try {
        await close();
      } catch (error) {
        this.log.error({ part: name, err: error }, "a part did not stop as it should");
      }
    }
  }
}
