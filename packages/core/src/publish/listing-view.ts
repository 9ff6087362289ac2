import type { Pace } from "../allocate/demand.ts";
import type { ConnectionMode } from "../ledger/records.ts";
import type { Instant, Units } from "../ledger/units.ts";

/** Why a listing does not show what it should. */
export type PushProblem =
  /** The channel says no, and would again: a person or the listing has to change first. */
  | {
      readonly code: "refused";
      readonly message: string;
      /** What was asked for; null where the listing takes no quantity at all. */
      readonly quantity: Units | null;
      readonly at: Instant;
      /** The ledger's sequence then: a listing changed since deserves another try. */
      readonly seq: number;
      readonly times: number;
    }
  /** The channel shows less than we left there: sold, and not known yet? No raise before its orders are known up to then. */
  | { readonly code: "unseen_sale"; readonly message: string; readonly at: Instant }
  /** The channel cannot be reached or asks to wait; tried again. */
  | {
      readonly code: "failing";
      readonly message: string;
      readonly kind: string;
      readonly at: Instant;
      /** Of kind `conflict`: how often in a row the number had moved on when the write came. */
      readonly times?: number;
    }
  /** We hold a write back on purpose. */
  | HeldBack;

/** Why a write is held back, and what it would be. */
export interface HeldBack {
  readonly code: "held";
  readonly why: HoldReason;
  readonly message: string;
  /** What would be written. */
  readonly quantity: Units;
  readonly at: Instant;
  /** The ledger's sequence then. */
  readonly seq: number;
}

/**
 * feed_stale: the channel's orders are not known to be complete, so that a raise might offer what is sold. end_game: units are
 * taken elsewhere first. braked: too many stops at once. hand_edit: somebody lowered it by hand again and again.
 */
export type HoldReason = "feed_stale" | "end_game" | "braked" | "hand_edit";

/** What is known of one listing when it is decided what to do with it. */
export interface ListingView {
  readonly mode: ConnectionMode;
  /** What it should show, computed just now. */
  readonly desired: Units;
  /** When the listing was last mapped or its policy changed. */
  readonly updatedSeq: number;
  /** The ledger's sequence that `desired` was computed from. */
  readonly seq: number;
  /** How it sells now. */
  readonly pace: Pace;
  /** Its pools are in the end game: only a stop and what surely raises no exposure may be written. */
  readonly isDealt: boolean;
  /** Its writes are refused if anything moved since the reading. */
  readonly comparesWrites: boolean;
  /** The last reading; null before the first. */
  readonly observed: Units | null;
  readonly observedAt: Instant | null;
  /** Somebody said that it changed: an older reading is not to be believed. */
  readonly readWantedAt: Instant | null;
  /** A write that is not confirmed; null when there is none. */
  readonly pushed: Units | null;
  readonly pushedAt: Instant | null;
  /** An earlier write that was overtaken may still take effect until then; null when there is none. */
  readonly overtakenUntil: Instant | null;
  readonly problem: PushProblem | null;
  /** Failures in a row. */
  readonly attempts: number;
  /** Every order that the channel took up to then is in the ledger; null while that is not known. */
  readonly ordersKnownUntil: Instant | null;
  /** The channel's orders lag so far behind that nothing may be raised. */
  readonly isFeedStale: boolean;
  /** When a number that somebody had lowered by hand was last put right. */
  readonly mendedAt: Instant | null;
}
