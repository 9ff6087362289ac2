// Where the reading of the movement log stands, packed into the one opaque text that is kept for us: each facility has a log of
// its own, a query may span 90 days, and pages follow an event's number.
import type { Instant } from "@onepool/core/ledger/units.ts";
import { z } from "zod";

/** The longest that one query may span is 90 days; a little less, for clocks that differ. In milliseconds. */
const WINDOW_MS = 89 * 86_400_000;

/**
 * A round begins this long before the end of the last one, in milliseconds: an event can be written down after one that happened
 * later. What is told twice has the same fact id.
 */
const OVERLAP_MS = 900_000;

const placeSchema = z.object({
  /** Events before it were read. */
  from: z.number(),
  /** The number of the last event that was read of the window that begins at `from`. */
  after: z.number().nullable(),
});
export type Place = z.infer<typeof placeSchema>;

const cursorSchema = z.object({
  /** Up to when the round reads. */
  until: z.number(),
  places: z.record(z.string(), placeSchema),
});
export type Round = z.infer<typeof cursorSchema>;

export function packed(cursor: Round): string {
  return JSON.stringify(cursor);
}

/** One that cannot be read is none: everything is read again, and is known already. */
export function unpacked(text: string | null): Round | null {
  if (text === null) return null;
  try {
    return cursorSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** The round under way, or a new one up to now. A facility that is new begins at `since`; one that was removed is forgotten. */
export function openRound(
  cursor: Round | null,
  {
    facilities,
    since,
    now,
  }: { readonly facilities: readonly string[]; readonly since: Instant; readonly now: Instant },
): Round {
  const isUnderWay = cursor !== null && facilityDue(cursor) !== null;
  const places = facilities.map((facility): [string, Place] => {
    const place = cursor?.places[facility];
    if (place === undefined) return [facility, { from: since, after: null }];
    return [facility, isUnderWay ? place : { from: Math.max(since, place.from - OVERLAP_MS), after: null }];
  });
  return { until: isUnderWay ? cursor.until : now, places: Object.fromEntries(places) };
}

/** A facility that has not been read up to the round's end. */
export function facilityDue({ until, places }: Round): readonly [facility: string, place: Place] | null {
  return Object.entries(places).find(([, { from }]) => from < until) ?? null;
}

export function windowOf({ from }: Place, until: Instant): { readonly from: Instant; readonly to: Instant } {
  return { from, to: Math.min(until, from + WINDOW_MS) };
}

/** The round after a page; `lastId` is its last event where more pages follow, null where the window is read. */
export function nextPlace(round: Round, facility: string, lastId: number | null): Round {
  const place = round.places[facility];
  if (place === undefined) return round;
  const moved =
    lastId === null
      ? { from: windowOf(place, round.until).to, after: null }
      : { from: place.from, after: lastId };
  return { ...round, places: { ...round.places, [facility]: moved } };
}
