import type { Command } from "@onepool/core/ledger/command.ts";
// Deciding a batch against the cache: the rules run command by command, each seeing what those before it did. Nothing here
// waits; what the cache lacks is gathered in `state.missing`, and the writer loads it and decides again.
import { decide } from "@onepool/core/ledger/decide.ts";
import type { EntryDraft } from "@onepool/core/ledger/entry.ts";
import type { LedgerState } from "@onepool/core/ledger/ledger-state.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";

import { ChangedRecords } from "./changed-records.ts";
import { internalError, type CommandResult } from "./submission.ts";

export interface DecidedEntry {
  readonly seq: number;
  readonly draft: EntryDraft;
}

export interface DecidedBatch {
  readonly baseSeq: number;
  readonly recordedAt: Instant;
  readonly entries: readonly DecidedEntry[];
  readonly changed: ChangedRecords;
  /** Per list of commands, the result of each. */
  readonly results: readonly (readonly CommandResult[])[];
}

/** A command the rules threw on: a bug of ours. */
export interface ThrownCommand {
  readonly command: Command;
  readonly error: unknown;
}

export interface BatchToDecide {
  readonly state: LedgerState;
  readonly baseSeq: number;
  readonly now: Instant;
  readonly lists: readonly (readonly Command[])[];
  /** Commands that failed for a reason of ours in an earlier try, with what to answer. */
  readonly failed: ReadonlyMap<Command, CommandResult>;
}

export type Decided =
  | { readonly kind: "decided"; readonly batch: DecidedBatch; readonly thrown: readonly ThrownCommand[] }
  /** `state.missing` says what to load; the state is as before. */
  | { readonly kind: "missing" }
  /** An entry could not be applied, and was half: decide again without its command. The state is as before. */
  | { readonly kind: "unappliable"; readonly thrown: ThrownCommand };

/** Decides every command and applies what it does. After `missing` and `unappliable` nothing of it stays applied. */
export function decideBatch(batch: BatchToDecide): Decided {
  const { state } = batch;
  state.missing.clear();
  state.mark();
  const run = new Run(batch);
  for (const commands of batch.lists) {
    const unappliable = run.list(commands);
    if (unappliable === null) continue;
    state.rollback();
    return unappliable;
  }
  if (state.missing.size > 0) {
    state.rollback();
    return { kind: "missing" };
  }
  const { entries, changed, results, thrown } = run;
  return {
    kind: "decided",
    batch: { baseSeq: batch.baseSeq, recordedAt: batch.now, entries, changed, results },
    thrown,
  };
}

class Run {
  readonly entries: DecidedEntry[] = [];
  readonly changed = new ChangedRecords();
  readonly results: CommandResult[][] = [];
  readonly thrown: ThrownCommand[] = [];
  private readonly batch: BatchToDecide;
  private seq: number;

  constructor(batch: BatchToDecide) {
    this.batch = batch;
    this.seq = batch.baseSeq;
  }

  list(commands: readonly Command[]): (Decided & { kind: "unappliable" }) | null {
    const results: CommandResult[] = [];
    this.results.push(results);
    for (const command of commands) {
      const outcome = this.command(command);
      if ("kind" in outcome) return outcome;
      results.push(outcome);
    }
    return null;
  }

  private command(command: Command): CommandResult | (Decided & { kind: "unappliable" }) {
    const failed = this.batch.failed.get(command);
    if (failed !== undefined) return failed;
    const { state, now } = this.batch;
    const missingBefore = state.missing.size;
    let decision;
    try {
      decision = decide(state, command, now);
    } catch (error) {
      // Rules may trip over what is only missing here; then they are asked again.
      if (state.missing.size === missingBefore) this.thrown.push({ command, error });
      return internalError("This could not be processed because of a bug of ours; it is logged.");
    }
    if (!decision.ok) return decision;
    if (!("entries" in decision)) return decision;
    const seq = this.seq + 1;
    for (const draft of decision.entries) {
      if (state.missing.size > missingBefore) break; // thrown away anyway
      const error = this.apply(draft, this.seq + 1);
      if (error !== null) return { kind: "unappliable", thrown: { command, error } };
    }
    return { ok: true, seq, answer: decision.answer };
  }

  private apply(draft: EntryDraft, seq: number): unknown {
    const { state } = this.batch;
    const missingBefore = state.missing.size;
    try {
      this.changed.note(state, draft, seq);
      if (state.missing.size > missingBefore) return null;
      state.apply(draft, seq);
    } catch (error) {
      return state.missing.size > missingBefore ? null : (error ?? new Error("thrown without an error"));
    }
    this.seq = seq;
    this.entries.push({ seq, draft });
    return null;
  }
}
