import { checkAllocation } from "@onepool/core/intake/keeper/judge-allocation.ts";
import type { LedgerLevel, LevelJudgement } from "@onepool/core/intake/keeper/judge-level.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";

import type { ToldPlace } from "./judge-levels.ts";
import type { LevelRow } from "./keeper-level-store.ts";

/** A judgement that changes what is kept of a level. */
export type KeptJudgement = Exclude<LevelJudgement, { readonly kind: "stale" | "moving" | "reread" }>;

type History = Pick<
  LevelRow,
  "verifiedAsOf" | "verifiedSellable" | "recountWantedAt" | "acceptedAt" | "bookedAt" | "bookedUnits"
>;

const NO_HISTORY: History = {
  verifiedAsOf: null,
  verifiedSellable: null,
  recountWantedAt: null,
  acceptedAt: null,
  bookedAt: null,
  bookedUnits: null,
};

/** The level's row after it was judged: what was told, how it differs, and what stays of before. */
export function nextLevelRow(
  told: ToldPlace,
  before: LevelRow | null,
  {
    ledger,
    judged,
    ours,
    now,
  }: {
    readonly ledger: LedgerLevel;
    readonly judged: KeptJudgement;
    readonly ours: Units | null;
    readonly now: Instant;
  },
): LevelRow {
  const { sku, location, item, sellable, held, allocated, asOf } = told;
  const history = before ?? NO_HISTORY;
  const check = checkAllocation(allocated, ours, before === null ? null : allocationOf(before));
  const isRecounted = history.recountWantedAt !== null && history.recountWantedAt <= asOf.from;
  return {
    ...historyAfter(history, told, judged),
    ...driftOf(judged),
    sku,
    location,
    item,
    sellable,
    held,
    allocated,
    allocatedOurs: check.ours,
    allocatedStrikes: check.strikes,
    asOfFrom: asOf.from,
    asOfTo: asOf.to,
    expected: ledger.sellable,
    expectedHeld: ledger.damaged,
    recountWantedAt: isRecounted ? null : history.recountWantedAt,
    updatedAt: now,
  };
}

function allocationOf({ allocated, allocatedOurs, allocatedStrikes }: LevelRow) {
  return { told: allocated, check: { ours: allocatedOurs, strikes: allocatedStrikes } };
}

function driftOf(
  judged: KeptJudgement,
): Pick<LevelRow, "drift" | "driftHeld" | "strikes" | "firstDriftAt" | "likelyCause" | "state"> {
  if (judged.kind === "verified")
    return { drift: 0, driftHeld: 0, strikes: 0, firstDriftAt: null, likelyCause: null, state: "verified" };
  const { kind, drift, driftHeld, strikes, firstDriftAt, likelyCause } = judged;
  return { drift, driftHeld, strikes, firstDriftAt, likelyCause, state: kind === "book" ? "booked" : kind };
}

function historyAfter(history: History, { asOf, sellable }: ToldPlace, judged: KeptJudgement): History {
  const { verifiedAsOf, verifiedSellable, recountWantedAt, acceptedAt, bookedAt, bookedUnits } = history;
  const kept = { verifiedAsOf, verifiedSellable, recountWantedAt, acceptedAt, bookedAt, bookedUnits };
  if (judged.kind === "verified") return { ...kept, ...agreedAt(asOf.to, sellable) };
  if (judged.kind !== "book") return kept;
  return { ...kept, ...agreedAt(asOf.to, sellable), bookedAt: asOf.to, bookedUnits: judged.drift };
}

function agreedAt(
  verifiedAsOf: Instant,
  verifiedSellable: Units,
): Pick<History, "verifiedAsOf" | "verifiedSellable"> {
  return { verifiedAsOf, verifiedSellable };
}
