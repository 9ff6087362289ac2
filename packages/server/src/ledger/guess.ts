import { keyOf, type LedgerState } from "@onepool/core/ledger/ledger-state.ts";
// Orders, holds and external ids are mostly heard of for the first time. As long as that holds, a batch takes those it has
// not in memory for new instead of asking: that spares a round trip, and the next batch can be decided while the last one is
// written. The guess is safe where the batch inserts the very rows it took for absent: a key that exists refuses the batch.
import type { LedgerKeys, MissingKeys } from "@onepool/core/ledger/missing-keys.ts";

import type { DecidedBatch } from "./decided-batch.ts";

type Guessable = "orders" | "reservations" | "externalEntries";

export const GUESSABLE: readonly Guessable[] = ["orders", "reservations", "externalEntries"];

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

/** Rows taken for absent. */
export class Guess {
  private readonly keys: readonly { readonly kind: Guessable; readonly key: string }[];

  private constructor(keys: readonly { kind: Guessable; key: string }[]) {
    this.keys = keys;
  }

  /** Takes what is missing of the guessable kinds for absent. */
  static absent(state: LedgerState, missing: LedgerKeys): Guess {
    const keys = GUESSABLE.flatMap((kind) =>
      missing.of(kind).map((id) => ({ kind, key: id.join("\u001f") })),
    );
    for (const { kind, key } of keys) state[kind].set(key, null);
    return new Guess(keys);
  }

  /** Whether the batch inserts each of them, so that the database checks the guess. */
  isChecked({ changed, entries }: DecidedBatch): boolean {
    const external = new Set<string>();
    for (const { draft } of entries)
      if (draft.externalId !== null) external.add(keyOf(draft.kind, draft.externalId));
    return this.keys.every(({ kind, key }) =>
      kind === "externalEntries" ? external.has(key) : changed[kind].get(key)?.isNew === true,
    );
  }

  /** Forgets the guess; rows that were applied since are taken back before. */
  forget(state: LedgerState): void {
    for (const { kind, key } of this.keys) if (state[kind].get(key) === null) state[kind].delete(key);
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
      if ((state[kind].get(id.join("\u001f")) ?? null) !== null) areAllNew = false;
    }
  }
  return { any, areAllNew };
}
