import type { Instant, Units } from "../ledger/units.ts";

/** What is known of the units that buyers may still take from one listing. In listing units. */
export interface ExposureView {
  /** The last reading; null before the first. */
  readonly observed: Units | null;
  /** Just before that reading was asked for, and when its answer was there. */
  readonly observedAt: Instant | null;
  readonly observedUntil: Instant | null;
  /** A write that is not confirmed; null when there is none. */
  readonly pushed: Units | null;
  /** An earlier write that was overtaken may still take effect until then. */
  readonly overtakenUntil: Instant | null;
  /** Own sales of the listing that the ledger has seen, counted from the beginning. */
  readonly ownSold: Units;
  /** How far `ownSold` could get with all that was ever shown; null where nobody kept it. */
  readonly reach: Units | null;
  /** Known orders that the channel has not taken off its own number yet. */
  readonly openSales: Units;
  /** Every order that the channel took up to then is in the ledger; null while that is not known. */
  readonly ordersKnownUntil: Instant | null;
}

/**
 * The most that buyers may still take off the pool through this listing: what it shows, what writes under way may make it
 * show, and sales that were made and are not in the ledger yet. Null before the first reading.
 *
 * A sale moves a unit from "shown" to "sold and unseen", news of it takes it off the sum: so the sum only falls by the own
 * sales seen, and only a write raises it. Once the orders are known to be complete past the last reading and nothing is under
 * way, there is nothing unseen, and the sum is what that reading showed.
 */
export function exposureOf(view: ExposureView): Units | null {
  if (view.observed === null) return null;
  const shown = shownUnits(view.observed, view.openSales);
  if (isSettled(view)) return shown;
  const counted = view.reach === null ? shown + (view.pushed ?? 0) : view.reach - view.ownSold;
  return Math.max(shown, counted);
}

/** Nothing of ours is under way, and all sales before the last reading are in the ledger. */
export function isSettled(view: ExposureView): boolean {
  const { observedAt, observedUntil, pushed, overtakenUntil, ordersKnownUntil } = view;
  if (pushed !== null || observedAt === null || observedUntil === null) return false;
  return (overtakenUntil ?? 0) <= observedAt && (ordersKnownUntil ?? -Infinity) >= observedUntil;
}

/**
 * The exposure from the moment that a write of `quantity` is sent. The channel lowers its own number at a sale, so all that
 * was shown may be sold and unseen when the write sets the number anew. `isCompared`: the write is refused if anything moved
 * since the reading; then what it replaces is exactly what was read, and a take adds nothing.
 */
export function exposureAfterWrite(
  view: ExposureView,
  write: { readonly quantity: Units; readonly isCompared: boolean },
): Units {
  const before = exposureOf(view) ?? 0;
  const shows = shownUnits(write.quantity, view.openSales);
  if (!write.isCompared || view.observed === null) return before + shows;
  return before + Math.max(0, shows - shownUnits(view.observed, view.openSales));
}

/** The exposure after a reading of `quantity`: what was sold and unseen before it stays so until the orders are known. */
export function exposureAfterReading(view: ExposureView, quantity: Units): Units {
  return Math.max(exposureOf(view) ?? 0, shownUnits(quantity, view.openSales));
}

function shownUnits(quantity: Units, openSales: Units): Units {
  return Math.max(0, quantity - openSales);
}
