// Idempotency keys: a repeat gets the answer of the first, whether it comes later, in the same batch or right behind it.
import type { Json } from "@onepool/core/ledger/json.ts";

import type { Waiting } from "./seller-queue.ts";
import type { CommandResult, SubmissionAnswer } from "./submission.ts";
import type { NewAnswer } from "./write-steps.ts";

/** An answer given under a key. */
export interface KeptAnswer {
  readonly requestHash: string;
  readonly status: number;
  readonly answer: Json;
}

/** A batch sorted by what is to be done with each submission. */
export interface SortedBatch {
  /** To be decided, in order. */
  readonly fresh: readonly Waiting[];
  /** Answered from what is known, once the batch stands. */
  readonly repeats: readonly { readonly waiting: Waiting; readonly answer: SubmissionAnswer }[];
  /** The key came earlier in this batch. */
  readonly followers: readonly { readonly waiting: Waiting; readonly first: Waiting }[];
}

export function sortByKey(batch: readonly Waiting[], kept: ReadonlyMap<string, KeptAnswer>): SortedBatch {
  const fresh: Waiting[] = [];
  const repeats: { waiting: Waiting; answer: SubmissionAnswer }[] = [];
  const followers: { waiting: Waiting; first: Waiting }[] = [];
  const firsts = new Map<string, Waiting>();
  for (const waiting of batch) {
    const { idempotency } = waiting.submission;
    if (idempotency === undefined) {
      fresh.push(waiting);
      continue;
    }
    const known = kept.get(idempotency.key);
    const first = firsts.get(idempotency.key);
    if (known !== undefined) repeats.push({ waiting, answer: repeated(known, idempotency.requestHash) });
    else if (first !== undefined) followers.push({ waiting, first });
    else {
      firsts.set(idempotency.key, waiting);
      fresh.push(waiting);
    }
  }
  return { fresh, repeats, followers };
}

/** What a repeat of a request is told. */
export function repeated(known: KeptAnswer, requestHash: string): SubmissionAnswer {
  if (known.requestHash !== requestHash) return { kind: "idempotency_conflict" };
  return { kind: "replayed", status: known.status, answer: known.answer };
}

/** The answer to a submission, and the row that keeps it; null where it has no key. */
export function answerToKeep(
  { submission }: Waiting,
  results: readonly CommandResult[],
): { readonly kept: KeptAnswer; readonly row: NewAnswer } | null {
  const { idempotency } = submission;
  if (idempotency === undefined) return null;
  const { key, requestHash } = idempotency;
  const { status, answer } = idempotency.answerOf(results);
  const row = { key, requestHash, status, answer: JSON.stringify(answer) };
  return { kept: { requestHash, status, answer }, row };
}

/** A failure of ours is not kept: the caller may try again with the same key. */
export function isKeepable(results: readonly CommandResult[]): boolean {
  return results.every((result) => result.ok || result.rejection.code !== "internal_error");
}
