// What a batch needs from the database: rows its commands will read, answers kept under its keys, and afterwards what its
// decisions leave in doubt. One round trip; none when everything is in memory or may be guessed.
import type { Command, EndReservation } from "@onepool/core/ledger/command.ts";
import { invariant } from "@onepool/core/ledger/invariant.ts";
import type { LedgerState } from "@onepool/core/ledger/ledger-state.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import { sendBurst, type StepResult } from "./burst.ts";
import { readHints } from "./command-hints.ts";
import { Guess, GUESSABLE, lookedUp, type GuessPolicy } from "./guess.ts";
import type { KeptAnswer } from "./kept-answers.ts";
import { LOAD_ANSWERS, LOAD_DUE_HOLDS } from "./load-statements.ts";
import { loadingsOf, type Loading } from "./loader.ts";
import type { SellerCache } from "./seller-cache.ts";
import type { Submission } from "./submission.ts";
import { textArray } from "./wire-buffer.ts";

export interface RowsContext {
  readonly sellerId: number;
  readonly client: pg.ClientBase;
  readonly cache: SellerCache;
  readonly now: Instant;
  readonly guesses: GuessPolicy;
}

export interface BatchRows {
  /** Answers kept under the batch's keys. */
  readonly kept: ReadonlyMap<string, KeptAnswer>;
  readonly guess: Guess | null;
}

/** Brings the rows into the cache. Commands that are not decided any more are left out. */
export async function bringRows(
  context: RowsContext,
  submissions: readonly Submission[],
  isLeftOut: (command: Command) => boolean,
): Promise<BatchRows> {
  const { sellerId, cache, guesses } = context;
  const { missing } = cache.state;
  missing.clear();
  const commands = submissions.flatMap((submission) => submission.commands);
  for (const command of commands) if (!isLeftOut(command)) hint(cache.state, command);
  const guess = guesses.mayGuess() ? Guess.absent(cache.state, missing) : null;
  const loadings = loadingsOf(sellerId, cache, missing, guess === null ? [] : GUESSABLE);
  const kept = new Map<string, KeptAnswer>();
  loadings.push(...loadAnswers(context, submissions, kept));
  await load(context.client, loadings);
  const seen = lookedUp(cache.state, missing);
  if (guess === null && seen.any) guesses.sawRows(seen.areAllNew);
  return { kept, guess };
}

/** Loads what deciding found missing. */
export async function bringMissing({ sellerId, client, cache }: RowsContext): Promise<void> {
  await load(client, loadingsOf(sellerId, cache, cache.state.missing));
}

/** Loads what is missing, and names the holds whose deadline has passed where a request was refused for want of stock. */
export async function bringDoubts(
  context: RowsContext,
  wantsDueHolds: boolean,
): Promise<readonly EndReservation[]> {
  const { sellerId, client, cache } = context;
  const due: EndReservation[] = [];
  const loadings = loadingsOf(sellerId, cache, cache.state.missing);
  if (wantsDueHolds) loadings.push(loadDueHolds(context, due));
  await load(client, loadings);
  return due;
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

/** Answers given lately are in memory; the others are asked for. */
function loadAnswers(
  { sellerId, cache }: RowsContext,
  submissions: readonly Submission[],
  kept: Map<string, KeptAnswer>,
): Loading[] {
  const keys: string[] = [];
  for (const { idempotency } of submissions) {
    if (idempotency === undefined) continue;
    const known = cache.answers.get(idempotency.key);
    if (known === undefined) keys.push(idempotency.key);
    else kept.set(idempotency.key, known);
  }
  if (keys.length === 0) return [];
  const step = { statement: LOAD_ANSWERS, values: [sellerId, textArray(keys, (key) => key)] };
  return [
    {
      step,
      keep({ rows }) {
        for (const [key, requestHash, status, answer] of rows)
          kept.set(key ?? "", {
            requestHash: requestHash ?? "",
            status: Number(status),
            answer: JSON.parse(answer ?? "null") as KeptAnswer["answer"],
          });
      },
    },
  ];
}

function loadDueHolds({ sellerId, now }: RowsContext, due: EndReservation[]): Loading {
  return {
    step: { statement: LOAD_DUE_HOLDS, values: [sellerId, now] },
    keep({ rows }) {
      for (const [reservationId] of rows)
        due.push({ kind: "end_reservation", reservationId: reservationId ?? "", how: "expire" });
    },
  };
}
