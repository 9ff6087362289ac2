import type { KeeperBudget } from "../contract/keeper/keeper-capability.ts";

/** Credits a kind of call may use up, so that an order never waits for a reading. */
const SHARE: Readonly<Record<KeeperBudget, number>> = { reads: 0.7, writes: 0.3 };

/** 7,000 requests in five minutes whatever they cost (second hand), with room for others. */
const MOST_PER_MINUTE = 1_000;

/** How much of what calls cost so far the last one changes. */
const WEIGHT = 0.3;

/** Learns how many calls a minute the credits are good for, from what calls cost. */
export class CreditMeter {
  private readonly noteLimit: (budget: KeeperBudget, perMinute: number) => void;
  /** Credits that come back each second. */
  private readonly restoredPerSecond: number;
  private readonly usual = new Map<KeeperBudget, number>();

  constructor(restoredPerSecond: number, noteLimit: (budget: KeeperBudget, perMinute: number) => void) {
    this.restoredPerSecond = restoredPerSecond;
    this.noteLimit = noteLimit;
  }

  /** `credits`: what a call cost, or would have. */
  note(budget: KeeperBudget, credits: number): void {
    if (!Number.isFinite(credits) || credits <= 0) return;
    const before = this.usual.get(budget) ?? credits;
    const usual = before + (credits - before) * WEIGHT;
    this.usual.set(budget, usual);
    const perMinute = (this.restoredPerSecond * 60 * SHARE[budget]) / usual;
    this.noteLimit(budget, Math.min(MOST_PER_MINUTE, perMinute));
  }
}
