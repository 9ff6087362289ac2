import type pg from "pg";

import type { LedgerLog } from "./ledger-context.ts";

/** The channel on which other processes hear that a seller's ledger grew. The payload is the seller's id. */
export const LEDGER_CHANNEL = "onepool_ledger";

/**
 * Wakes other processes after commits. It stands outside the batches' transactions, since a transaction that notifies holds
 * a lock of the whole server while it commits. It only wakes: what is lost in a crash is found by the next poll.
 */
export class Notifier {
  private readonly pool: pg.Pool;
  private readonly log: LedgerLog;
  private sellers = new Set<number>();
  private sending: Promise<void> | null = null;

  constructor(pool: pg.Pool, log: LedgerLog) {
    this.pool = pool;
    this.log = log;
  }

  wake(sellerId: number): void {
    this.sellers.add(sellerId);
    this.sending ??= this.send();
  }

  async close(): Promise<void> {
    await this.sending;
  }

  /** What came while the last notices were sent goes together. */
  private async send(): Promise<void> {
    await Promise.resolve();
    while (this.sellers.size > 0) {
      const sellers = [...this.sellers];
      this.sellers = new Set();
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
    this.sending = null;
  }
}
