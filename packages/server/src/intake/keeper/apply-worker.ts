import { Pulse } from "../../connections/pulse.ts";
import type { Log } from "../../log/log.ts";
import { applyFact, type ApplyParts } from "./apply-fact.ts";
import { claimDueFacts, type ClaimedFact, finishFact } from "./keeper-fact-store.ts";

export interface ApplyWorkerOptions extends ApplyParts {
  readonly log: Log;
}

/** Facts claimed at a time, and keepers worked for at once: each has one desk. */
const AT_ONCE = 64;

/** Longer than a batch takes, in milliseconds: what a crash leaves is taken up after it. */
const LEASE_MS = 120_000;

/** Attempts after which one that fails is put aside: an hour at least, so that an outage puts nothing aside. */
const ATTEMPTS_MAX = 32;

/** The facts are looked at this often although nobody wakes us, in milliseconds. */
const IDLE_MS = 500;

/** Takes facts that keepers told to the ledger: each at least once, whatever dies meanwhile, and each counted once. */
export class ApplyWorker {
  private readonly options: ApplyWorkerOptions;
  private readonly pulse: Pulse;

  constructor(options: ApplyWorkerOptions) {
    this.options = options;
    const { log } = options;
    const work = (): Promise<void> => this.work();
    this.pulse = new Pulse({ name: "keeper facts", stage: "intake", log, idleMs: IDLE_MS, work });
    this.pulse.wake();
  }

  wake(): void {
    this.pulse.wake();
  }

  async close(): Promise<void> {
    await this.pulse.close();
  }

  private async work(): Promise<void> {
    const { pool, clock } = this.options;
    const claimed = await claimDueFacts(pool, { now: clock.now(), leaseMs: LEASE_MS, limit: AT_ONCE });
    const desks = Map.groupBy(claimed, ({ sellerId, connection }) => `${sellerId} ${connection}`);
    await Promise.all([...desks.values()].map((facts) => this.workDesk(facts)));
    if (claimed.length === AT_ONCE) this.pulse.wake();
  }

  /** What fails time and again by itself is a bug of ours: it must not keep the desk busy for ever. */
  private async putAside(claimed: ClaimedFact, error: unknown): Promise<void> {
    const { pool, clock, log } = this.options;
    if (claimed.attempts < ATTEMPTS_MAX) return;
    const message = error instanceof Error ? error.message : "it could not be worked on";
    try {
      await finishFact(pool, claimed, { now: clock.now(), state: "poison", seq: null, error: message });
    } catch (failure) {
      log.warn({ stage: "intake", err: failure }, "a keeper's fact could not be put aside");
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
        if (applied === "poisoned") log.error(about, "the ledger refused what a keeper told");
      } catch (error) {
        // The lease ends and the fact is due again.
        log.warn({ ...about, err: error }, "a keeper's fact could not be worked on");
        await this.putAside(claimed, error);
      }
    }
  }
}
