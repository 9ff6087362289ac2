// From submissions to a batch ready to be written: load what is missing, decide, repeat until nothing is missing.
import type { Command } from "@onepool/core/ledger/command.ts";
import { invariant } from "@onepool/core/ledger/invariant.ts";
import type { LedgerState } from "@onepool/core/ledger/ledger-state.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import { textArray } from "./binary-array.ts";
import { sendBurst, type StepResult } from "./burst.ts";
import { readHints } from "./command-hints.ts";
import { decideBatch, type DecidedBatch, type ThrownCommand } from "./decided-batch.ts";
import { Guess, GUESSABLE, lookedUp, type GuessPolicy } from "./guess.ts";
import {
  answerToKeep,
  isKeepable,
  repeated,
  sortByKey,
  type KeptAnswer,
  type SortedBatch,
} from "./kept-answers.ts";
import { LOAD_ANSWERS, LOAD_DUE_HOLDS } from "./load-statements.ts";
import { loadingsOf, type Loading } from "./loader.ts";
import type { SellerCache } from "./seller-cache.ts";
import type { Waiting } from "./seller-queue.ts";
import { internalError, type CommandResult, type CommitNotice, type SubmissionAnswer } from "./submission.ts";
import { batchToWrite, type BatchToWrite, type NewAnswer } from "./write-steps.ts";

/** Rounds of loading and deciding after which something never gets loaded: a bug. */
const MAX_ROUNDS = 200;

/** A decided batch with everything that follows its commit. */
export interface PreparedBatch {
  readonly taken: readonly Waiting[];
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

export interface BatchContext {
  readonly sellerId: number;
  readonly client: pg.ClientBase;
  readonly cache: SellerCache;
  readonly now: Instant;
  readonly guesses: GuessPolicy;
  /** Commands that are not decided any more, with what they are answered. */
  readonly failed: ReadonlyMap<Command, CommandResult>;
  /** Hears of commands the rules threw on. */
  onThrown(thrown: ThrownCommand): void;
}

export async function prepareBatch(context: BatchContext, taken: readonly Waiting[]): Promise<PreparedBatch> {
  const kept = new Map<string, KeptAnswer>();
  const { expiring, guess } = await loadHints(context, taken, kept);
  const sorted = sortByKey(taken, kept);
  const lists = [expiring, ...sorted.fresh.map((waiting) => waiting.submission.commands)];
  let decided = await decideLoaded(context, lists);
  let isGuess = guess !== null;
  if (guess !== null && !guess.isChecked(decided)) {
    const { state } = context.cache;
    state.rollback();
    guess.forget(state);
    context.guesses.wasWrong();
    isGuess = false;
    decided = await decideLoaded(context, lists);
  }
  const applied = context.cache.state.handOver();
  const [, ...results] = decided.results;
  const concluded = conclude(context, { sorted, decided, results });
  const { cache } = context;
  const takeBack = (): void => {
    concluded.toWrite?.takeBack();
    cache.state.takeBack(applied);
    guess?.forget(cache.state);
    for (const key of concluded.keys) cache.answers.delete(key);
  };
  return { ...concluded, taken, decided, isGuess, takeBack };
}

/** Loads what the commands will probably read, or guesses it, and answers which holds are to be ended before them. */
async function loadHints(
  { sellerId, client, cache, now, failed, guesses }: BatchContext,
  taken: readonly Waiting[],
  kept: Map<string, KeptAnswer>,
): Promise<{ expiring: readonly Command[]; guess: Guess | null }> {
  const { state } = cache;
  const { missing } = state;
  missing.clear();
  const keys: string[] = [];
  let reserves = false;
  for (const { submission } of taken) {
    const key = submission.idempotency?.key;
    const known = key === undefined ? undefined : cache.answers.get(key);
    if (key !== undefined && known !== undefined) kept.set(key, known);
    else if (key !== undefined) keys.push(key);
    for (const command of submission.commands) {
      if (failed.has(command)) continue;
      hint(state, command);
      if (command.kind === "reserve") reserves = true;
    }
  }
  const guess = guesses.mayGuess() ? Guess.absent(state, missing) : null;
  const expiring: Command[] = [];
  const loadings = loadingsOf(sellerId, cache, missing, guess === null ? [] : GUESSABLE);
  if (keys.length > 0) loadings.push(loadAnswers(sellerId, keys, kept));
  if (reserves) loadings.push(loadDueHolds(sellerId, now, expiring));
  await load(client, loadings);
  if (guess === null) {
    const { any, areAllNew } = lookedUp(state, missing);
    if (any) guesses.sawRows(areAllNew);
  }
  return { expiring, guess };
}

/** What the rules would throw on is theirs to report; a guess of what they read must not fail a batch. */
function hint(state: LedgerState, command: Command): void {
  try {
    readHints(state, command);
  } catch {
    // Decided, and reported, with the batch.
  }
}

async function load(client: pg.ClientBase, loadings: readonly Loading[]): Promise<void> {
  if (loadings.length === 0) return;
  const results = await sendBurst(
    client,
    loadings.map(({ step }) => step),
  );
  for (const [index, loading] of loadings.entries()) loading.keep(resultAt(results, index));
}

function resultAt(results: readonly StepResult[], index: number): StepResult {
  const result = results[index];
  invariant(result !== undefined, "every statement of a burst has a result");
  return result;
}

function loadAnswers(sellerId: number, keys: readonly string[], kept: Map<string, KeptAnswer>): Loading {
  return {
    step: { statement: LOAD_ANSWERS, values: [sellerId, textArray(keys, (value) => value)] },
    keep({ rows }) {
      for (const [key, requestHash, status, answer] of rows)
        kept.set(key ?? "", {
          requestHash: requestHash ?? "",
          status: Number(status),
          answer: JSON.parse(answer ?? "null") as KeptAnswer["answer"],
        });
    },
  };
}

/** Holds past their deadline are ended before a request is decided, so that they never block it. */
function loadDueHolds(sellerId: number, now: Instant, expiring: Command[]): Loading {
  return {
    step: { statement: LOAD_DUE_HOLDS, values: [sellerId, now] },
    keep({ rows }) {
      for (const [reservationId] of rows)
        expiring.push({ kind: "end_reservation", reservationId: reservationId ?? "", how: "expire" });
    },
  };
}

async function decideLoaded(
  context: BatchContext,
  lists: readonly (readonly Command[])[],
): Promise<DecidedBatch> {
  const { sellerId, client, cache, now, onThrown } = context;
  const { state } = cache;
  const failed = new Map(context.failed);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const outcome = decideBatch({ state, baseSeq: cache.head.seq, now, lists, failed });
    if (outcome.kind === "decided") {
      for (const thrown of outcome.thrown) onThrown(thrown);
      return outcome.batch;
    }
    if (outcome.kind === "missing") {
      await load(client, loadingsOf(sellerId, cache, state.missing));
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
