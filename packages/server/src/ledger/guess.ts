import { keyOf, type LedgerState } from "@onepool/core/ledger/ledger-state.ts";
// Orders, holds and external ids are mostly heard of for the first time. As long as that holds, a batch takes those it has
// not in memory for new instead of asking: that spares a round trip, and the next batch can be decided while the last one is
// written. The guess is safe where the batch inserts the very rows it took for absent: a key that exists refuses the batch.
import type { LedgerKeys, MissingKeys } from "@onepool/core/ledger/missing-keys.ts";

import type { DecidedBatch } from "./decided-batch.ts";

type Guessable = "orders" | "reservations" | "externalEntries";

export const GUESSABLE: readonly Guessable[] = ["orders", "reservations", "externalEntries"];

/** Between the parts of the state's keys. */
const SEPARATOR = "\u001f";

/** After a wrong guess, this many batches in a row must have been all new before the next one. */
const BATCHES_TO_TRUST = 8;

/** Whether to guess, by how it went lately. */
export class GuessPolicy {
  private allNew = 0;
  private needed = 0;

  mayGuess(): boolean {
    return this.allNew >= this.needed;
  }

  /** Hears of rows that were looked up, or would have been guessed. */
  sawRows(areAllNew: boolean): void {
    if (areAllNew) this.allNew++;
    else this.wasWrong();
  }

  wasWrong(): void {
    this.allNew = 0;
    this.needed = BATCHES_TO_TRUST;
  }
}

interface GuessedRow {
  readonly kind: Guessable;
  readonly key: string;
}

/** Rows taken for absent. */
export class Guess {
  private rows: readonly GuessedRow[];

  private constructor(rows: readonly GuessedRow[]) {
    this.rows = rows;
  }

  /** Takes what is missing of the guessable kinds for absent. */
  static absent(state: LedgerState, missing: LedgerKeys): Guess {
    const rows = GUESSABLE.flatMap((kind) =>
      missing.of(kind).map((id) => ({ kind, key: id.join(SEPARATOR) })),
    );
    for (const { kind, key } of rows) state[kind].set(key, null);
    return new Guess(rows);
  }

  /**
   * The rows that the batch does not insert, so that the database would not notice a wrong guess: a refused request, a
   * reservation an order names. They are no guess any more and are noted as missing.
   */
  giveUpUnchecked(state: LedgerState, { changed, entries }: DecidedBatch): readonly GuessedRow[] {
    const external = new Set<string>();
    for (const { draft } of entries)
      if (draft.externalId !== null) external.add(keyOf(draft.kind, draft.externalId));
    const isChecked = ({ kind, key }: GuessedRow): boolean =>
      kind === "externalEntries" ? external.has(key) : changed[kind].get(key)?.isNew === true;
    const unchecked = this.rows.filter((row) => !isChecked(row));
    if (unchecked.length === 0) return unchecked;
    this.rows = this.rows.filter(isChecked);
    for (const { kind, key } of unchecked) {
      state[kind].delete(key);
      state.missing.add(kind, key.split(SEPARATOR));
    }
    return unchecked;
  }

  /** Whether the database has anything to confirm. */
  get isOpen(): boolean {
    return this.rows.length > 0;
  }

  /** Forgets the guess; rows that were applied since are taken back before. */
  forget(state: LedgerState): void {
    for (const { kind, key } of this.rows) if (state[kind].get(key) === null) state[kind].delete(key);
  }
}

/** Whether rows of the guessable kinds were asked for, and whether all of them turned out to be new. */
export function lookedUp(
  state: LedgerState,
  missing: Pick<LedgerKeys, "of">,
): { any: boolean; areAllNew: boolean } {
  let any = false;
  let areAllNew = true;
  for (const kind of GUESSABLE) {
    for (const id of missing.of(kind satisfies keyof MissingKeys)) {
      any = true;
      if ((state[kind].get(id.join(SEPARATOR)) ?? null) !== null) areAllNew = false;
    }
  }
  return { any, areAllNew };
}
