// What a ledger keeps of one source's words on one order line, and how a new state joins them. Joining is commutative,
// associative and idempotent, so that duplicates, replays and late states converge (SPEC I2).
import { isLeftWithin, joinLeft, leftText, normalLeft } from "./left-units.ts";
import { sameJson } from "./merge-json.ts";
import {
  STATUS_RANK,
  type CountPeak,
  type History,
  type LineFacts,
  type LineReport,
  type OrderReport,
  type SourceFacts,
  type StateKey,
} from "./order-record.ts";
import type { Instant } from "./units.ts";

const NOTHING: SourceFacts = {
  latest: null,
  peaks: [],
  correctedAt: null,
  untimed: null,
  history: { shipped: 0, cancelled: 0 },
};

/**
 * A line of an order state with every count filled in. A line without figures (none given, or all of them 0) goes the way
 * of the whole: `shipped` or `cancelled` means all of it, unless a keeper counted the parts that left. Looks at this line alone, so that orders told line by line and
 * at once mean the same.
 */
export function lineFacts(report: OrderReport, line: LineReport): LineFacts {
  const { status } = report;
  const hasFigures = (line.cancelled ?? 0) > 0 || (line.shipped ?? 0) > 0;
  const isWhole = (count: "cancelled" | "shipped"): boolean => {
    if (status !== count || (count === "shipped" && line.left !== undefined)) return false;
    return line[count] === undefined || !hasFigures;
  };
  const cancelled = isWhole("cancelled") ? line.quantity : Math.min(line.quantity, line.cancelled ?? 0);
  const left = normalLeft(line.left);
  const facts: LineFacts = {
    rank: STATUS_RANK[status],
    quantity: line.quantity,
    cancelled,
    shipped: isWhole("shipped") ? line.quantity - cancelled : (line.shipped ?? 0),
    returning: line.returning ?? 0,
    fulfilledBy: line.fulfilledBy ?? "seller",
    location: line.location ?? null,
  };
  return left === undefined ? facts : { ...facts, left };
}

/** A state about to join: its facts, its place in time (null for an untimed notice) and whether it lies before cut-over. */
export interface ArrivingState {
  readonly facts: LineFacts;
  readonly key: StateKey | null;
  readonly correction: boolean;
  readonly isHistory: boolean;
}

/** The facts with one more state; the same object when it tells nothing new. */
export function joinState(known: SourceFacts | undefined, state: ArrivingState): SourceFacts {
  const facts = known ?? NOTHING;
  const joined = state.key === null ? joinUntimed(facts, state) : joinTimed(facts, state, state.key);
  return known !== undefined && sameJson(joined, known) ? known : joined;
}

function joinUntimed(known: SourceFacts, { facts: said, isHistory }: ArrivingState): SourceFacts {
  const untimed = known.untimed === null ? said : joinFacts(known.untimed, said);
  return { ...known, untimed, history: isHistory ? joinHistory(known.history, said) : known.history };
}

function joinTimed(known: SourceFacts, state: ArrivingState, key: StateKey): SourceFacts {
  const { facts } = state;
  const correctedAt = state.correction ? laterKey(known.correctedAt, key) : known.correctedAt;
  const { shipped, returning, left } = facts;
  const peak = left === undefined ? { key, shipped, returning } : { key, shipped, returning, left };
  return {
    latest: isLater({ key, facts }, known.latest) ? { key, facts } : known.latest,
    peaks: joinPeaks(known.peaks, peak, correctedAt),
    correctedAt,
    untimed: known.untimed,
    history: state.isHistory ? joinHistory(known.history, facts) : known.history,
  };
}

/** What the source holds true now: join(latest timed, all untimed), counts that left being their peaks. */
export function heldFacts({ latest, untimed, peaks }: SourceFacts): LineFacts | null {
  if (untimed === null)
    return latest === null ? null : withPeaks({ ...latest.facts, shipped: 0, returning: 0 }, peaks);
  const base = latest?.facts ?? untimed;
  const held: LineFacts = {
    rank: Math.max(base.rank, untimed.rank),
    quantity: base.quantity,
    cancelled: Math.max(base.cancelled, untimed.cancelled),
    shipped: untimed.shipped,
    returning: untimed.returning,
    fulfilledBy: base.fulfilledBy,
    location: base.location ?? untimed.location,
  };
  return withPeaks(untimed.left === undefined ? held : { ...held, left: untimed.left }, peaks);
}

function withPeaks(facts: LineFacts, peaks: readonly CountPeak[]): LineFacts {
  if (peaks.length === 0) return facts;
  let { shipped, returning, left } = facts; // what the latest state said of these is among the peaks
  for (const peak of peaks) {
    shipped = Math.max(shipped, peak.shipped);
    returning = Math.max(returning, peak.returning);
    left = joinLeft(left, peak.left);
  }
  return left === undefined ? { ...facts, shipped, returning } : { ...facts, shipped, returning, left };
}

/** Orders timed states: later `updatedAt`, then higher rank. */
function compareKeys(left: StateKey, right: StateKey): number {
  return left.updatedAt - right.updatedAt || left.rank - right.rank;
}

/** True when a state takes the place of the latest one; between equal places the content decides, the same way everywhere. */
function isLater(state: { key: StateKey; facts: LineFacts }, latest: SourceFacts["latest"]): boolean {
  if (latest === null) return true;
  const order = compareKeys(state.key, latest.key);
  return order === 0 ? contentOf(state.facts) > contentOf(latest.facts) : order > 0;
}

function contentOf(facts: LineFacts): string {
  const { quantity, cancelled, shipped, returning, fulfilledBy, location } = facts;
  const text = [quantity, cancelled, shipped, returning, fulfilledBy, location ?? ""].join("\u001f");
  return facts.left === undefined ? text : `${text}\u001f${leftText(facts.left)}`;
}

/** True when what a state says closed before the connection's cut-over. */
export function isBeforeCutOver(report: OrderReport, since: Instant | null): boolean {
  if (since === null) return false;
  const at = report.closedAt ?? report.updatedAt;
  return at !== undefined && at < since;
}

function joinFacts(left: LineFacts, right: LineFacts): LineFacts {
  const counted = joinLeft(left.left, right.left);
  const joined: LineFacts = {
    rank: Math.max(left.rank, right.rank),
    quantity: Math.max(left.quantity, right.quantity),
    cancelled: Math.max(left.cancelled, right.cancelled),
    shipped: Math.max(left.shipped, right.shipped),
    returning: Math.max(left.returning, right.returning),
    fulfilledBy: left.fulfilledBy === "channel" || right.fulfilledBy === "channel" ? "channel" : "seller",
    location: laterText(left.location, right.location),
  };
  return counted === undefined ? joined : { ...joined, left: counted };
}

function laterText(left: string | null, right: string | null): string | null {
  if (left === null || right === null) return left ?? right;
  return left > right ? left : right;
}

function joinHistory(history: History, facts: LineFacts): History {
  const left = joinLeft(history.left, facts.left);
  const joined = {
    shipped: Math.max(history.shipped, facts.shipped),
    cancelled: Math.max(history.cancelled, facts.cancelled),
  };
  return left === undefined ? joined : { ...joined, left };
}

/** Keeps the states whose counts no newer one reaches; those older than the newest correction are forgotten. */
function joinPeaks(
  known: readonly CountPeak[],
  arriving: CountPeak,
  correctedAt: StateKey | null,
): readonly CountPeak[] {
  const isZero = arriving.shipped === 0 && arriving.returning === 0 && arriving.left === undefined;
  if (known.length === 0 && isZero) return known; // most orders, most of the time
  const current = [...known, arriving].filter(
    (peak) => correctedAt === null || compareKeys(peak.key, correctedAt) >= 0,
  );
  const kept: CountPeak[] = [];
  let shipped = 0;
  let returning = 0;
  let left: LineFacts["left"];
  for (const peak of current.toSorted(newestFirst)) {
    if (peak.shipped <= shipped && peak.returning <= returning && isLeftWithin(peak.left, left)) continue;
    kept.push(peak);
    shipped = Math.max(shipped, peak.shipped);
    returning = Math.max(returning, peak.returning);
    left = joinLeft(left, peak.left);
  }
  return kept.toReversed();
}

function newestFirst(left: CountPeak, right: CountPeak): number {
  const order =
    compareKeys(right.key, left.key) || right.shipped - left.shipped || right.returning - left.returning;
  if (order !== 0 || (left.left === undefined && right.left === undefined)) return order;
  return leftText(left.left) > leftText(right.left) ? -1 : 1;
}

function laterKey(left: StateKey | null, right: StateKey): StateKey {
  return left === null || compareKeys(right, left) > 0 ? right : left;
}
