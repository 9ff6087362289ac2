// From submissions to a batch ready to be written: load what is missing, decide, repeat until nothing is missing.
import type { Command, EndReservation } from "@onepool/core/ledger/command.ts";
import { invariant } from "@onepool/core/ledger/invariant.ts";

import { bringDoubts, bringMissing, bringRows, type RowsContext } from "./batch-rows.ts";
import { decideBatch, type DecidedBatch, type ThrownCommand } from "./decided-batch.ts";
import type { Guess } from "./guess.ts";
import {
  answerToKeep,
  isKeepable,
  repeated,
  sortByKey,
  type KeptAnswer,
  type SortedBatch,
} from "./kept-answers.ts";
import type { Waiting } from "./seller-queue.ts";
import { internalError, type CommandResult, type CommitNotice, type SubmissionAnswer } from "./submission.ts";
import { batchToWrite, type BatchToWrite, type NewAnswer } from "./write-steps.ts";

/** Rounds of loading and deciding after which something never gets loaded: a bug. */
const MAX_ROUNDS = 200;

/** A decided batch with everything that follows its commit. */
export interface PreparedBatch {
  readonly taken: readonly Waiting[];
  /** On the clock of `performance`. */
  readonly takenAt: number;
  readonly decided: DecidedBatch;
  /** Null when nothing is to be written. */
  readonly toWrite: BatchToWrite | null;
  readonly answers: readonly { readonly waiting: Waiting; readonly answer: SubmissionAnswer }[];
  /** Null when nothing was recorded. */
  readonly notice: CommitNotice | null;
  /** Rows were taken for new that the database has yet to confirm. */
  readonly isGuess: boolean;
  /** Brings the cache back to where it stood before this batch. Later batches are taken back first. */
  takeBack(): void;
}

export interface BatchContext extends RowsContext {
  /** Commands that are not decided any more, with what they are answered. */
  readonly failed: ReadonlyMap<Command, CommandResult>;
  /** Hears of commands the rules threw on. */
  readonly onThrown: (thrown: ThrownCommand) => void;
}

export async function prepareBatch(context: BatchContext, taken: readonly Waiting[]): Promise<PreparedBatch> {
  const { cache, failed } = context;
  const takenAt = performance.now();
  const submissions = taken.map(({ submission }) => submission);
  const { kept, guess } = await bringRows(context, submissions, (command) => failed.has(command));
  const sorted = sortByKey(taken, kept);
  const decided = await decideWithoutDoubt(
    context,
    sorted.fresh.map(({ submission }) => submission.commands),
    guess,
  );
  const applied = cache.state.handOver();
  const [, ...results] = decided.results;
  const concluded = conclude(context, { sorted, decided, results });
  const takeBack = (): void => {
    concluded.toWrite?.takeBack();
    cache.state.takeBack(applied);
    guess?.forget(cache.state);
    for (const key of concluded.keys) cache.answers.delete(key);
  };
  return { ...concluded, taken, takenAt, decided, isGuess: guess?.isOpen === true, takeBack };
}

/**
 * Decides, and looks up what that leaves in doubt: guesses that the database would not check, and holds past their deadline
 * where a request did not fit. If it changes anything everything is decided again, those holds being ended first.
 */
async function decideWithoutDoubt(
  context: BatchContext,
  lists: readonly (readonly Command[])[],
  guess: Guess | null,
): Promise<DecidedBatch> {
  const { cache, guesses } = context;
  const { state } = cache;
  let due: readonly EndReservation[] | null = null;
  for (;;) {
    const decided = await decideLoaded(context, [due ?? [], ...lists]);
    const unchecked = guess?.giveUpUnchecked(state, decided) ?? [];
    const wantsDueHolds = due === null && didNotFit(lists, decided);
    if (unchecked.length === 0 && !wantsDueHolds) return decided;
    const found = await bringDoubts(context, wantsDueHolds);
    if (wantsDueHolds) due = found;
    const wasWrong = unchecked.some(({ kind, key }) => (state[kind].get(key) ?? null) !== null);
    if (wasWrong) guesses.wasWrong();
    if (!wasWrong && found.length === 0) return decided;
    state.rollback();
  }
}

/** Whether a request was refused for want of stock. */
function didNotFit(lists: readonly (readonly Command[])[], { results }: DecidedBatch): boolean {
  return lists.some((commands, list) =>
    commands.some((command, index) => {
      const isRequest = command.kind === "reserve" || command.kind === "withhold";
      const result = isRequest ? results[list + 1]?.[index] : undefined;
      return result?.ok === false && result.rejection.code === "insufficient_stock";
    }),
  );
}

async function decideLoaded(
  context: BatchContext,
  lists: readonly (readonly Command[])[],
): Promise<DecidedBatch> {
  const { cache, now, onThrown } = context;
  const { state } = cache;
  const failed = new Map(context.failed);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const outcome = decideBatch({ state, baseSeq: cache.head.seq, now, lists, failed });
    if (outcome.kind === "decided") {
      for (const thrown of outcome.thrown) onThrown(thrown);
      return outcome.batch;
    }
    if (outcome.kind === "missing") {
      await bringMissing(context);
      continue;
    }
    onThrown(outcome.thrown);
    failed.set(
      outcome.thrown.command,
      internalError("This could not be recorded because of a bug of ours; it is logged."),
    );
  }
  throw new Error(`a batch still misses rows after ${MAX_ROUNDS} rounds of loading`);
}

interface Conclusion {
  readonly sorted: SortedBatch;
  readonly decided: DecidedBatch;
  readonly results: DecidedBatch["results"];
}

/** Encodes the batch, moves the cache on to where it will stand, and notes what everybody is told afterwards. */
function conclude(
  { sellerId, cache }: BatchContext,
  { sorted, decided, results }: Conclusion,
): Pick<PreparedBatch, "toWrite" | "answers" | "notice"> & { readonly keys: readonly string[] } {
  const answers: { waiting: Waiting; answer: SubmissionAnswer }[] = [...sorted.repeats];
  const rows: NewAnswer[] = [];
  const given = new Map<Waiting, KeptAnswer>();
  for (const [index, waiting] of sorted.fresh.entries()) {
    const own = results[index] ?? [];
    answers.push({ waiting, answer: { kind: "done", results: own } });
    const keep = answerToKeep(waiting, own);
    if (keep === null) continue;
    given.set(waiting, keep.kept);
    if (!isKeepable(own)) continue;
    rows.push(keep.row);
    cache.answers.set(keep.row.key, keep.kept);
  }
  for (const { waiting, first } of sorted.followers) {
    const known = given.get(first);
    invariant(known !== undefined, "the first use of a key has an answer");
    answers.push({ waiting, answer: repeated(known, waiting.submission.idempotency?.requestHash ?? "") });
  }
  const keys = rows.map(({ key }) => key);
  if (decided.entries.length === 0 && rows.length === 0)
    return { toWrite: null, answers, notice: null, keys };
  const toWrite = batchToWrite(sellerId, cache, decided, rows);
  cache.head = toWrite.head;
  return { toWrite, answers, notice: noticeOf(sellerId, decided, toWrite.skus), keys };
}

function noticeOf(
  sellerId: number,
  { baseSeq, recordedAt, entries, changed }: DecidedBatch,
  skus: ReadonlySet<string>,
): CommitNotice | null {
  if (entries.length === 0) return null;
  return {
    sellerId,
    firstSeq: baseSeq + 1,
    lastSeq: baseSeq + entries.length,
    recordedAt,
    skus,
    listingsChanged: changed.listings.size > 0,
  };
}
