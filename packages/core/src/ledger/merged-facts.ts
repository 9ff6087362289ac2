import type { ClaimLine, History, LeftUnits, LineFacts, Source, SourceFacts } from "./order-record.ts";
import type { Units } from "./units.ts";

/** One line as all its sources together tell it. */
export interface MergedFacts extends LineFacts {
  /** Left, or cancelled, before the cut-over: history that moves nothing. */
  readonly history: History;
}

/** Whose word on ordered, cancelled and status holds, best first: the channel sold it. */
const ORDERING: readonly Source[] = ["channel", "api", "keeper"];

/** Whose word on the place of shipping holds, best first: the keeper handed it over. */
const SHIPPING: readonly Source[] = ["keeper", "channel", "api"];

/**
 * Merges the sources of a line: ordered, cancelled and status come from the channel, what left is the maximum over the
 * sources (DESIGN §3), and only a keeper counts parts. Null while no source said anything.
 */
export function mergeSources(
  sources: ClaimLine["sources"],
  held: (facts: SourceFacts) => LineFacts | null,
): MergedFacts | null {
  // Plain loops: this runs twice for every line of every state.
  let base: LineFacts | null = null;
  let shipped = 0;
  let returning = 0;
  let location: string | null = null;
  let left: readonly LeftUnits[] | undefined;
  let placedBy = SHIPPING.length;
  const history: { shipped: Units; cancelled: Units; left?: readonly LeftUnits[] } = {
    shipped: 0,
    cancelled: 0,
  };
  for (const source of ORDERING) {
    const facts = sources[source];
    if (facts === undefined) continue;
    history.shipped = Math.max(history.shipped, facts.history.shipped);
    history.cancelled = Math.max(history.cancelled, facts.history.cancelled);
    if (facts.history.left !== undefined) history.left = facts.history.left; // one source counts parts: the keeper
    const said = held(facts);
    if (said === null) continue;
    base ??= said;
    shipped = Math.max(shipped, said.shipped);
    returning = Math.max(returning, said.returning);
    left = said.left ?? left;
    const place = SHIPPING.indexOf(source);
    if (said.location === null || place > placedBy) continue;
    location = said.location;
    placedBy = place;
  }
  if (base === null) return null;
  const { rank, quantity, cancelled, fulfilledBy } = base;
  const merged = { rank, quantity, cancelled, shipped, returning, fulfilledBy, location, history };
  return left === undefined ? merged : { ...merged, left };
}
