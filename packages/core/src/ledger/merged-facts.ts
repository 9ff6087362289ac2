import type { ClaimLine, LineFacts, Source, SourceFacts } from "./order-record.ts";
import type { Units } from "./units.ts";

/** One line as all its sources together tell it. */
export interface MergedFacts extends LineFacts {
  /** Left, or cancelled, before the cut-over: history that moves nothing. */
  readonly history: { readonly shipped: Units; readonly cancelled: Units };
}

/** Whose word on ordered, cancelled and status holds, best first: the channel sold it. */
const ORDERING: readonly Source[] = ["channel", "api", "keeper"];

/** Whose word on the place of shipping holds, best first: the keeper handed it over. */
const SHIPPING: readonly Source[] = ["keeper", "channel", "api"];

/**
 * Merges the sources of a line: ordered, cancelled and status come from the channel, what left is the maximum over the
 * sources (DESIGN §3). Null while no source said anything.
 */
export function mergeSources(
  sources: ClaimLine["sources"],
  held: (facts: SourceFacts) => LineFacts | null,
): MergedFacts | null {
  const bySource = new Map<Source, LineFacts>();
  let historyShipped = 0;
  let historyCancelled = 0;
  for (const source of ORDERING) {
    const facts = sources[source];
    if (facts === undefined) continue;
    const said = held(facts);
    if (said !== null) bySource.set(source, said);
    historyShipped = Math.max(historyShipped, facts.history.shipped);
    historyCancelled = Math.max(historyCancelled, facts.history.cancelled);
  }
  const [base] = bySource.values(); // inserted in the order of ORDERING
  if (base === undefined) return null;
  const words = [...bySource.values()];
  return {
    rank: base.rank,
    quantity: base.quantity,
    cancelled: base.cancelled,
    shipped: Math.max(...words.map((word) => word.shipped)),
    returning: Math.max(...words.map((word) => word.returning)),
    fulfilledBy: base.fulfilledBy,
    location:
      SHIPPING.map((source) => bySource.get(source)?.location ?? null).find(
        (location) => location !== null,
      ) ?? null,
    history: { shipped: historyShipped, cancelled: historyCancelled },
  };
}
