import { Pulse } from "../../connections/pulse.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Log } from "../../log/log.ts";
import { retryNewestWaiting } from "./apply-desk-store.ts";
import { applyFact, type ApplyParts } from "./apply-fact.ts";
import { claimDueFacts, type ClaimedFact } from "./keeper-fact-store.ts";

export interface ApplyWorkerOptions extends ApplyParts {
  readonly ledger: Pick<Ledger, "submit" | "onCommit">;
  readonly log: Log;
}

/** Facts claimed at a time, and keepers worked for at once: each has one desk. */
const AT_ONCE = 64;

/** Longer than a batch takes, in milliseconds: what a crash leaves is taken up after it. */
const LEASE_MS = 120_000;

/** The facts are looked at this often although nobody wakes us, in milliseconds. */
const IDLE_MS = 500;

/** What waits is tried again this long after its seller's ledger moved, at most as often, in milliseconds. */
const RETRY_MS = 2_000;

/** So many of what waits: the newest are those whose order or SKU is on its way. The others come back by themselves. */
const RETRY_MAX = 200;

/** Takes facts that keepers told to the ledger: each at least once, whatever dies meanwhile, and each counted once. */
export class ApplyWorker {
  private readonly options: ApplyWorkerOptions;
  private readonly pulse: Pulse;
  private readonly stopHearing: () => void;
  /** Sellers of whom facts wait, and since when their ledger has moved; null: not since. */
  private readonly waiting = new Map<number, number | null>();

  constructor(options: ApplyWorkerOptions) {
    this.options = options;
    const { log, ledger, clock } = options;
    const work = (): Promise<void> => this.work();
    this.pulse = new Pulse({ name: "keeper facts", stage: "intake", log, idleMs: IDLE_MS, work });
    this.stopHearing = ledger.onCommit(({ sellerId }) => {
      if (this.waiting.get(sellerId) === null) this.waiting.set(sellerId, clock.now());
    });
    this.pulse.wake();
  }

  wake(): void {
    this.pulse.wake();
  }

  async close(): Promise<void> {
    this.stopHearing();
    await this.pulse.close();
  }

  private async work(): Promise<void> {
    const { pool, clock } = this.options;
    await this.retryWaiting(clock.now());
    const claimed = await claimDueFacts(pool, { now: clock.now(), leaseMs: LEASE_MS, limit: AT_ONCE });
    const desks = Map.groupBy(claimed, ({ sellerId, connection }) => `${sellerId} ${connection}`);
    await Promise.all([...desks.values()].map((facts) => this.workDesk(facts)));
    if (claimed.length === AT_ONCE) this.pulse.wake();
  }

  /** An order or a SKU that facts wait for may be there now. */
  private async retryWaiting(now: number): Promise<void> {
    for (const [sellerId, movedAt] of this.waiting) {
      if (movedAt === null || now - movedAt < RETRY_MS) continue;
      this.waiting.delete(sellerId);
      await retryNewestWaiting(this.options.pool, sellerId, { now, limit: RETRY_MAX });
    }
  }

  /** One after the other, as they arrived. */
  private async workDesk(facts: readonly ClaimedFact[]): Promise<void> {
    const { log } = this.options;
    for (const claimed of facts) {
      const { sellerId, connection, fact } = claimed;
      const about = { stage: "intake", seller: sellerId, connection, fact: fact.factId, kind: fact.kind };
      try {
        const applied = await applyFact(this.options, claimed);
        if (applied === "waits" && !this.waiting.has(sellerId)) this.waiting.set(sellerId, null);
        if (applied === "poisoned") log.error(about, "the ledger refused what a keeper told");
      } catch (error) {
        // The lease ends and the fact is due again.
        log.warn({ ...about, err: error }, "a keeper's fact could not be worked on");
      }
    }
  }
}
