// What a keeper says lies there, held against what the ledger has as of the same time. The nine rules: references, snapshots of
// a keeper. Never a keeper's "available", and what it has allocated is a check alone.
import type { Instant, Units } from "../../ledger/units.ts";

/** A level as it was told, in our units. */
export interface ToldLevel {
  /** Can be picked. */
  readonly sellable: Units;
  /** Damaged or on hold. */
  readonly held: Units;
  readonly asOf: { readonly from: Instant; readonly to: Instant };
}

export type LevelState = "verified" | "suspect" | "open" | "booked";

/** How the level stood after the one told before. */
export interface KnownLevel {
  readonly asOfTo: Instant;
  readonly state: LevelState;
  readonly drift: Units;
  readonly driftHeld: Units;
  readonly strikes: number;
  readonly firstDriftAt: Instant | null;
}

/**
 * What the ledger has of the SKU at the place, as of the end of the time told, the clocks' difference included, unless said
 * otherwise.
 */
export interface LedgerLevel {
  /** Physical units; promises are not in it. */
  readonly sellable: Units;
  readonly damaged: Units;
  /** Wait to be graded, now: some keepers count them as held, some not at all. */
  readonly qualityControl: Units;
  /** Came in and went out within the time that the reading took, the clocks' difference included. */
  readonly inside: { readonly came: Units; readonly went: Units };
  /** Nothing ever lay there. */
  readonly isUntouched: boolean;
  /** Of the SKU's pool, now. */
  readonly available: Units;
  readonly committed: Units;
  readonly incoming: Units;
  readonly returning: Units;
  /** Left by a channel's word of the last days, and not yet by the keeper's. */
  readonly unconfirmedLeft: Units;
  /** Picks not yet held against a shipment. */
  readonly unlinkedPicks: Units;
}

export interface LevelPolicy {
  /** Whether differences are booked at all. */
  readonly isLive: boolean;
  /** The most units of a find that are booked without a person; null: 5 % of what lies there, at least 3. */
  readonly bookDriftUpTo: Units | null;
}

export type LikelyCause =
  /** It left the building and the shipment is not told yet. */
  | "shipment_not_told"
  /** A channel says it left, the keeper does not yet. */
  | "not_left_yet"
  | "receipt_not_told"
  | "return_not_told"
  | "damage_not_told"
  | "unlinked_pick"
  | "never_explained";

export interface Drift {
  readonly drift: Units;
  readonly driftHeld: Units;
  readonly strikes: number;
  readonly firstDriftAt: Instant;
  readonly likelyCause: LikelyCause;
}

export type LevelJudgement =
  /** Older than what is known. */
  | { readonly kind: "stale" }
  /** Units moved while it was read, and that explains what is told. */
  | { readonly kind: "moving" }
  /** Units moved while it was read, and that does not explain it: read again. */
  | { readonly kind: "reread" }
  | { readonly kind: "verified" }
  | ({ readonly kind: "suspect" | "open" | "book" } & Drift);

const FIND_SHARE = 0.05;
const FIND_LEAST = 3;

/** Snapshots in a row that have to say the same before it is booked. */
const STRIKES = 2;

/** Judges one level. The order of the rules matters: time first, then the size of what differs. */
export function judgeLevel(
  told: ToldLevel,
  known: KnownLevel | null,
  ledger: LedgerLevel,
  policy: LevelPolicy,
): LevelJudgement {
  if (known !== null && told.asOf.to <= known.asOfTo) return { kind: "stale" };
  const drift = told.sellable - ledger.sellable;
  const driftHeld = heldDrift(told, ledger);
  const { came, went } = ledger.inside;
  if (came > 0 || went > 0) {
    // The ledger's figure is as of the end of the reading: what came meanwhile may be missing in the told one, what went be in it.
    const isExplained = drift >= -came && drift <= went;
    return { kind: isExplained ? "moving" : "reread" };
  }
  if (drift === 0 && driftHeld === 0) return { kind: "verified" };
  const found = { drift, driftHeld, ...strikesOf(told, known, { drift, driftHeld }) };
  const judged = { ...found, likelyCause: likelyCause(found, ledger) };
  return { kind: verdict(told, judged, { ledger, policy }), ...judged };
}

/** What waits to be graded may be among what the keeper holds or not: both are right. */
function heldDrift(told: ToldLevel, { damaged, qualityControl }: LedgerLevel): Units {
  if (told.held < damaged) return told.held - damaged;
  return Math.max(0, told.held - damaged - qualityControl);
}

function strikesOf(
  told: ToldLevel,
  known: KnownLevel | null,
  { drift, driftHeld }: Pick<Drift, "drift" | "driftHeld">,
): Pick<Drift, "strikes" | "firstDriftAt"> {
  const isSame =
    known !== null &&
    (known.state === "suspect" || known.state === "open") &&
    known.drift === drift &&
    known.driftHeld === driftHeld;
  if (!isSame) return { strikes: 1, firstDriftAt: told.asOf.to };
  return { strikes: known.strikes + 1, firstDriftAt: known.firstDriftAt ?? known.asOfTo };
}

function verdict(
  told: ToldLevel,
  { drift, strikes }: Drift,
  { ledger, policy }: { readonly ledger: LedgerLevel; readonly policy: LevelPolicy },
): "suspect" | "open" | "book" {
  const again = strikes >= STRIKES;
  if (!policy.isLive) return again ? "open" : "suspect";
  if (ledger.isUntouched) return "book"; // the opening stock
  if (drift < 0 && -drift > ledger.available) return "book"; // units are on sale that are not there
  if (!again) return "suspect";
  return drift > mostFound(told, ledger, policy) ? "open" : "book";
}

/** Units of a find that need no person. What leaves twice in the ledger for a while is no find, however small. */
function mostFound(told: ToldLevel, ledger: LedgerLevel, { bookDriftUpTo }: LevelPolicy): Units {
  const drift = told.sellable - ledger.sellable;
  if (drift > 0 && drift <= ledger.unconfirmedLeft + ledger.unlinkedPicks) return 0;
  return bookDriftUpTo ?? Math.max(FIND_LEAST, Math.floor((told.sellable + told.held) * FIND_SHARE));
}

function likelyCause(
  { drift, driftHeld }: Pick<Drift, "drift" | "driftHeld">,
  ledger: LedgerLevel,
): LikelyCause {
  if (drift < 0) {
    if (driftHeld === -drift) return "damage_not_told";
    return ledger.committed >= -drift ? "shipment_not_told" : "never_explained";
  }
  if (drift > 0) {
    if (ledger.unlinkedPicks >= drift) return "unlinked_pick";
    if (ledger.unconfirmedLeft >= drift) return "not_left_yet";
    if (ledger.incoming >= drift) return "receipt_not_told";
    return ledger.qualityControl + ledger.returning >= drift ? "return_not_told" : "never_explained";
  }
  return driftHeld > 0 && ledger.returning >= driftHeld ? "return_not_told" : "never_explained";
}
