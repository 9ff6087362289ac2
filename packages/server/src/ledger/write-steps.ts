// From a decided batch to the statements that write it.
import { isPhysical } from "@onepool/core/ledger/bucket.ts";
import { invariant } from "@onepool/core/ledger/invariant.ts";
import { keyOf } from "@onepool/core/ledger/ledger-state.ts";

import { int4Array, int8Array, jsonArray, textArray } from "./binary-array.ts";
import type { Step } from "./burst.ts";
import type { DecidedBatch, DecidedEntry } from "./decided-batch.ts";
import { recordSteps } from "./record-steps.ts";
import type { AccountTip, Head, SellerCache } from "./seller-cache.ts";
import * as write from "./write-statements.ts";

/** An answer to keep under its caller's key. */
export interface NewAnswer {
  readonly key: string;
  readonly requestHash: string;
  readonly status: number;
  /** JSON text. */
  readonly answer: string;
}

/** A batch ready to be sent. */
export interface BatchToWrite {
  readonly base: Head;
  /** The head once it is committed. */
  readonly head: Head;
  readonly steps: readonly Step[];
}

/**
 * Gives the legs their places in their accounts' chains and encodes everything. The cache's tips move on with it, so a
 * batch that fails afterwards takes the cache with it.
 */
export function batchToWrite(
  sellerId: number,
  cache: SellerCache,
  batch: DecidedBatch,
  answers: readonly NewAnswer[],
): BatchToWrite {
  const { entries, recordedAt } = batch;
  const base = cache.head;
  const chain = new Chain(cache);
  for (const entry of entries) chain.add(entry);
  const head: Head = {
    seq: base.seq + entries.length,
    lastAccountId: base.lastAccountId + chain.newAccounts.id.length,
    recordedAt,
  };
  const steps: Step[] = [
    {
      statement: write.MOVE_HEAD,
      values: [sellerId, base.seq, head.seq, head.lastAccountId, recordedAt, 1],
    },
  ];
  if (entries.length > 0) {
    steps.push(...chain.accountSteps(sellerId), entryStep(sellerId, batch), ...chain.movementSteps(sellerId));
    steps.push(...recordSteps(sellerId, cache.state, batch));
  }
  if (answers.length > 0) steps.push(answerStep(sellerId, answers, recordedAt));
  return { base, head, steps };
}

function entryStep(sellerId: number, { baseSeq, recordedAt, entries }: DecidedBatch): Step {
  const drafts = entries.map((entry) => entry.draft);
  return {
    statement: write.INSERT_ENTRIES,
    values: [
      sellerId,
      baseSeq,
      recordedAt,
      int8Array(drafts.map((draft) => draft.occurredAt)),
      textArray(drafts.map((draft) => draft.kind)),
      textArray(drafts.map((draft) => draft.channel)),
      textArray(drafts.map((draft) => draft.orderId)),
      textArray(drafts.map((draft) => draft.externalId)),
      textArray(drafts.map((draft) => draft.contentHash)),
      jsonArray(drafts.map((draft) => JSON.stringify(draft.body))),
      entries.length,
    ],
  };
}

function answerStep(sellerId: number, answers: readonly NewAnswer[], createdAt: number): Step {
  return {
    statement: write.INSERT_ANSWERS,
    values: [
      sellerId,
      textArray(answers.map(({ key }) => key)),
      textArray(answers.map(({ requestHash }) => requestHash)),
      int4Array(answers.map(({ status }) => status)),
      jsonArray(answers.map(({ answer }) => answer)),
      createdAt,
      answers.length,
    ],
  };
}

/** The legs of a batch in their accounts' chains, as columns. */
class Chain {
  readonly newAccounts = {
    id: [] as number[],
    sku: [] as string[],
    location: [] as string[],
    bucket: [] as string[],
  };
  private readonly legs = {
    seq: [] as number[],
    leg: [] as number[],
    accountId: [] as number[],
    bucket: [] as string[],
    units: [] as number[],
    counterpart: [] as string[],
    before: [] as number[],
    prevSeq: [] as (number | null)[],
    prevLeg: [] as (number | null)[],
    lineId: [] as (string | null)[],
    reason: [] as (string | null)[],
    occurredAt: [] as (number | null)[],
  };
  private readonly cache: SellerCache;

  constructor(cache: SellerCache) {
    this.cache = cache;
  }

  add({ seq, draft }: DecidedEntry): void {
    const { legs } = this;
    for (const [leg, move] of draft.legs.entries()) {
      const tip = this.tipOf(move.sku, move.location, move.bucket);
      legs.seq.push(seq);
      legs.leg.push(leg);
      legs.accountId.push(tip.accountId);
      legs.bucket.push(move.bucket);
      legs.units.push(move.units);
      legs.counterpart.push(move.counterpart);
      legs.before.push(tip.after);
      legs.prevSeq.push(tip.seq);
      legs.prevLeg.push(tip.leg);
      legs.lineId.push(move.lineId ?? null);
      legs.reason.push(move.reason ?? null);
      legs.occurredAt.push(isPhysical(move.bucket) ? (move.occurredAt ?? draft.occurredAt) : null);
      tip.seq = seq;
      tip.leg = leg;
      tip.after += move.units;
    }
  }

  private tipOf(sku: string, location: string, bucket: string): AccountTip {
    const tips = this.cache.tips.get(sku);
    invariant(tips !== undefined, `the accounts of ${sku} are loaded before it moves`);
    const key = keyOf(location, bucket);
    const known = tips.get(key);
    if (known !== undefined) return known;
    const { newAccounts } = this;
    const accountId = this.cache.head.lastAccountId + newAccounts.id.length + 1;
    newAccounts.id.push(accountId);
    newAccounts.sku.push(sku);
    newAccounts.location.push(location);
    newAccounts.bucket.push(bucket);
    const tip: AccountTip = { accountId, seq: null, leg: null, after: 0 };
    tips.set(key, tip);
    return tip;
  }

  accountSteps(sellerId: number): Step[] {
    const { id, sku, location, bucket } = this.newAccounts;
    if (id.length === 0) return [];
    const values = [
      sellerId,
      int8Array(id),
      textArray(sku),
      textArray(location),
      textArray(bucket),
      id.length,
    ];
    return [{ statement: write.INSERT_ACCOUNTS, values }];
  }

  movementSteps(sellerId: number): Step[] {
    const { legs } = this;
    if (legs.seq.length === 0) return [];
    const values = [
      sellerId,
      int8Array(legs.seq),
      int4Array(legs.leg),
      int8Array(legs.accountId),
      textArray(legs.bucket),
      int8Array(legs.units),
      textArray(legs.counterpart),
      int8Array(legs.before),
      int8Array(legs.prevSeq),
      int4Array(legs.prevLeg),
      textArray(legs.lineId),
      textArray(legs.reason),
      int8Array(legs.occurredAt),
      legs.seq.length,
    ];
    return [{ statement: write.INSERT_MOVEMENTS, values }];
  }
}
