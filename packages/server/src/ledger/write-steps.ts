// From a decided batch to the statements that write it.
import { isPhysical } from "@onepool/core/ledger/bucket.ts";
import type { Leg } from "@onepool/core/ledger/entry.ts";
import { invariant } from "@onepool/core/ledger/invariant.ts";
import { keyOf } from "@onepool/core/ledger/ledger-state.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";

import type { Step } from "./burst.ts";
import type { DecidedBatch, DecidedEntry } from "./decided-batch.ts";
import { recordSteps } from "./record-steps.ts";
import type { AccountTip, Head, SellerCache } from "./seller-cache.ts";
import { int4Array, int8Array, jsonArray, textArray } from "./wire-buffer.ts";
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
  /** SKUs with a leg in it. */
  readonly skus: ReadonlySet<string>;
  /** Brings head and tips of the cache back. */
  takeBack(): void;
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
    lastAccountId: base.lastAccountId + chain.newAccounts.length,
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
  const takeBack = (): void => {
    cache.head = base;
    chain.takeBack();
  };
  return { base, head, steps, skus: chain.skus, takeBack };
}

function entryStep(sellerId: number, { baseSeq, recordedAt, entries }: DecidedBatch): Step {
  const drafts = entries.map((entry) => entry.draft);
  return {
    statement: write.INSERT_ENTRIES,
    values: [
      sellerId,
      baseSeq,
      recordedAt,
      int8Array(drafts, (draft) => draft.occurredAt),
      textArray(drafts, (draft) => draft.kind),
      textArray(drafts, (draft) => draft.channel),
      textArray(drafts, (draft) => draft.orderId),
      textArray(drafts, (draft) => draft.externalId),
      textArray(drafts, (draft) => draft.contentHash),
      jsonArray(drafts, (draft) => JSON.stringify(draft.body)),
      entries.length,
    ],
  };
}

function answerStep(sellerId: number, answers: readonly NewAnswer[], createdAt: number): Step {
  return {
    statement: write.INSERT_ANSWERS,
    values: [
      sellerId,
      textArray(answers, ({ key }) => key),
      textArray(answers, ({ requestHash }) => requestHash),
      int4Array(answers, ({ status }) => status),
      jsonArray(answers, ({ answer }) => answer),
      createdAt,
      answers.length,
    ],
  };
}

/** A leg in its place in its account's chain. */
interface PlacedLeg {
  readonly seq: number;
  readonly leg: number;
  readonly accountId: number;
  readonly before: Units;
  readonly prevSeq: number | null;
  readonly prevLeg: number | null;
  readonly move: Leg;
  readonly occurredAt: Instant | null;
  readonly tip: AccountTip;
}

interface NewAccount {
  readonly id: number;
  readonly sku: string;
  readonly location: string;
  readonly bucket: string;
}

/** The legs of a batch in their accounts' chains. */
class Chain {
  readonly newAccounts: NewAccount[] = [];
  readonly skus = new Set<string>();
  private readonly legs: PlacedLeg[] = [];
  private readonly cache: SellerCache;

  constructor(cache: SellerCache) {
    this.cache = cache;
  }

  add({ seq, draft }: DecidedEntry): void {
    const { legs, occurredAt } = draft;
    for (let leg = 0; leg < legs.length; leg++) {
      const move = legs[leg] as Leg;
      const tip = this.tipOf(move);
      this.legs.push({
        seq,
        leg,
        accountId: tip.accountId,
        before: tip.after,
        prevSeq: tip.seq,
        prevLeg: tip.leg,
        move,
        occurredAt: isPhysical(move.bucket) ? (move.occurredAt ?? occurredAt) : null,
        tip,
      });
      tip.seq = seq;
      tip.leg = leg;
      tip.after += move.units;
      this.skus.add(move.sku);
    }
  }

  /** Brings the tips back to where they were; accounts made here go with them. */
  takeBack(): void {
    for (const { tip, before, prevSeq, prevLeg } of this.legs.toReversed()) {
      tip.after = before;
      tip.seq = prevSeq;
      tip.leg = prevLeg;
    }
    for (const { sku, location, bucket } of this.newAccounts)
      this.cache.tips.get(sku)?.delete(keyOf(location, bucket));
  }

  private tipOf({ sku, location, bucket }: Leg): AccountTip {
    const tips = this.cache.tips.get(sku);
    invariant(tips !== undefined, "the accounts of a SKU are loaded before it moves");
    const key = keyOf(location, bucket);
    const known = tips.get(key);
    if (known !== undefined) return known;
    const id = this.cache.head.lastAccountId + this.newAccounts.length + 1;
    this.newAccounts.push({ id, sku, location, bucket });
    const tip: AccountTip = { accountId: id, seq: null, leg: null, after: 0 };
    tips.set(key, tip);
    return tip;
  }

  accountSteps(sellerId: number): Step[] {
    const { newAccounts } = this;
    if (newAccounts.length === 0) return [];
    const values = [
      sellerId,
      int8Array(newAccounts, ({ id }) => id),
      textArray(newAccounts, ({ sku }) => sku),
      textArray(newAccounts, ({ location }) => location),
      textArray(newAccounts, ({ bucket }) => bucket),
      newAccounts.length,
    ];
    return [{ statement: write.INSERT_ACCOUNTS, values }];
  }

  movementSteps(sellerId: number): Step[] {
    const { legs } = this;
    if (legs.length === 0) return [];
    const values = [
      sellerId,
      int8Array(legs, ({ seq }) => seq),
      int4Array(legs, ({ leg }) => leg),
      int8Array(legs, ({ accountId }) => accountId),
      textArray(legs, ({ move }) => move.bucket),
      int8Array(legs, ({ move }) => move.units),
      textArray(legs, ({ move }) => move.counterpart),
      int8Array(legs, ({ before }) => before),
      int8Array(legs, ({ prevSeq }) => prevSeq),
      int4Array(legs, ({ prevLeg }) => prevLeg),
      textArray(legs, ({ move }) => move.lineId ?? null),
      textArray(legs, ({ move }) => move.reason ?? null),
      int8Array(legs, ({ occurredAt }) => occurredAt),
      legs.length,
    ];
    return [{ statement: write.INSERT_MOVEMENTS, values }];
  }
}
