// Whether a full snapshot may be believed: a file that was cut off, or a keeper that says everything is gone, is held.
import type { Instant } from "../../ledger/units.ts";

/** What a snapshot, or a part of one, says at large. */
export interface SnapshotShape {
  readonly id: string;
  readonly asOf: Instant;
  /** Lines of the whole snapshot; null while it is not all here. */
  readonly lines: number | null;
  /** Lines whose level was above 0 before, and those of them that are 0 now. */
  readonly hadUnits: number;
  readonly emptied: number;
}

/** What is known of the snapshots before it. */
export interface SnapshotWatch {
  /** Lines of the last one that was let in; null before the first. */
  readonly lines: number | null;
  /** Set while snapshots are held. */
  readonly held: {
    readonly since: Instant;
    readonly id: string;
    readonly asOf: Instant;
    readonly strikes: number;
    readonly acceptedAt: Instant | null;
  } | null;
}

export type SnapshotJudgement =
  | { readonly kind: "let_in" }
  /** `strikes`: snapshots in a row that said so. */
  | { readonly kind: "hold"; readonly why: string; readonly strikes: number };

const LINES_DROP = 0.2;
const EMPTIED_SHARE = 0.5;

/** Fewer say nothing about a whole. */
const ROWS_LEAST = 5;

/** A suspicious snapshot is let in once a second one says the same and a person accepted it. */
export function judgeSnapshot(told: SnapshotShape, watch: SnapshotWatch): SnapshotJudgement {
  const why = suspicion(told, watch);
  if (why === null) return { kind: "let_in" };
  const { held } = watch;
  if (held === null) return { kind: "hold", why, strikes: 1 };
  const isAnother = told.id !== held.id && told.asOf > held.asOf;
  const strikes = held.strikes + (isAnother ? 1 : 0);
  const isAccepted = held.acceptedAt !== null && held.acceptedAt >= held.since;
  return isAccepted && strikes >= 2 ? { kind: "let_in" } : { kind: "hold", why, strikes };
}

function suspicion({ lines, hadUnits, emptied }: SnapshotShape, watch: SnapshotWatch): string | null {
  if (
    lines !== null &&
    watch.lines !== null &&
    watch.lines >= ROWS_LEAST &&
    lines < watch.lines * (1 - LINES_DROP)
  )
    return `it has ${lines} lines where the last one had ${watch.lines}`;
  if (hadUnits >= ROWS_LEAST && emptied > hadUnits * EMPTIED_SHARE)
    return `${emptied} of ${hadUnits} levels that held units are 0 now`;
  return null;
}
