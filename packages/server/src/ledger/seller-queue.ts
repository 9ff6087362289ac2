import type { Instant } from "@onepool/core/ledger/units.ts";

import type { Submission, SubmissionAnswer } from "./submission.ts";

/** A submission and its caller, who waits. */
export interface Waiting {
  readonly submission: Submission;
  readonly since: Instant;
  answer(answer: SubmissionAnswer): void;
  /** For bugs of callers, such as a seller that does not exist. */
  fail(error: Error): void;
}

/** One seller's submissions in the order they came. */
export class SellerQueue {
  private waiting: Waiting[] = [];
  /** Where the queue begins: what was taken is cut off now and then, not at every take. */
  private first = 0;
  private waitingCommands = 0;

  get length(): number {
    return this.waiting.length - this.first;
  }

  /** Commands that wait. */
  get commands(): number {
    return this.waitingCommands;
  }

  push(waiting: Waiting): void {
    this.waiting.push(waiting);
    this.waitingCommands += waiting.submission.commands.length;
  }

  /** Back to the front, in their order: they are decided again. */
  putBack(taken: readonly Waiting[]): void {
    this.waiting = [...taken, ...this.waiting.slice(this.first)];
    this.first = 0;
    for (const { submission } of taken) this.waitingCommands += submission.commands.length;
  }

  /** The submissions for one batch: at least one, then whole ones up to this many commands. */
  take(maxCommands: number): Waiting[] {
    const taken: Waiting[] = [];
    let commands = 0;
    for (let next = this.waiting[this.first]; next !== undefined; next = this.waiting[this.first]) {
      const size = next.submission.commands.length;
      if (taken.length > 0 && commands + size > maxCommands) break;
      commands += size;
      taken.push(next);
      this.first++;
    }
    this.waitingCommands -= commands;
    if (this.first > 1024 && this.first * 2 > this.waiting.length) {
      this.waiting = this.waiting.slice(this.first);
      this.first = 0;
    }
    return taken;
  }

  /** Takes out those that have waited since before an instant. */
  takeOlderThan(instant: Instant): Waiting[] {
    const all = this.waiting.slice(this.first);
    this.waiting = all.filter((waiting) => waiting.since >= instant);
    this.first = 0;
    const old = all.filter((waiting) => waiting.since < instant);
    for (const { submission } of old) this.waitingCommands -= submission.commands.length;
    return old;
  }
}
