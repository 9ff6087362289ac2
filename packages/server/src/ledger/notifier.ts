import type pg from "pg";

import type { LedgerLog } from "./ledger-context.ts";

/** The channel on which other processes hear that a seller's ledger grew. The payload is the seller's id. */
export const LEDGER_CHANNEL = "onepool_ledger";

/** How long notices are gathered, in milliseconds: a hundred commits a second cost the others one waking. */
const GATHERING_MS = 10;

/**
 * Wakes other processes after commits. It stands outside the batches' transactions, since a transaction that notifies holds
 * a lock of the whole server while it commits. It only wakes: what is lost in a crash is found by the next poll.
 */
export class Notifier {
  private readonly pool: pg.Pool;
  private readonly log: LedgerLog;
  private sellers = new Set<number>();
  private timer: NodeJS.Timeout | null = null;
  private sending = Promise.resolve();

  constructor(pool: pg.Pool, log: LedgerLog) {
    this.pool = pool;
    this.log = log;
  }

  wake(sellerId: number): void {
    this.sellers.add(sellerId);
    this.timer ??= setTimeout(() => this.flush(), GATHERING_MS);
  }

  /** Sends what is gathered. */
  async close(): Promise<void> {
    if (this.timer !== null) this.flush();
    await this.sending;
  }

  private flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const sellers = [...this.sellers];
    this.sellers = new Set();
    this.sending = this.sending.then(() => this.send(sellers));
  }

  private async send(sellers: readonly number[]): Promise<void> {
    try {
      await this.pool.query({
        name: "ledger_notify",
        // A notice is not worth waiting for the disk.
        text: `select set_config('synchronous_commit', 'off', true), pg_notify('${LEDGER_CHANNEL}', s::text)
            from unnest($1::int8[]) s`,
        values: [sellers],
      });
    } catch (error) {
      this.log.warn({ stage: "ledger", error }, "other processes could not be woken");
    }
  }
}
