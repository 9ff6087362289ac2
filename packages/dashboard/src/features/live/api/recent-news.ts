import type { LedgerNews } from "./stream-event.ts";

/** One line of "Just now": an event of the stream, told by what it was and what it left. */
export interface RecentNews {
  readonly seq: number;
  readonly recordedAt: string;
  /** How many entries of each group it held, in order of appearance. */
  readonly groups: readonly { readonly group: EntryGroup; readonly count: number }[];
  readonly channels: readonly string[];
  readonly skus: readonly { readonly sku: string; readonly available: number }[];
}

export type EntryGroup = "order" | "stock" | "reservation" | "catalogue";

/** Lines kept; older ones are in the ledger. */
export const RECENT_KEPT = 40;

const groupOfKind: Readonly<Record<string, EntryGroup>> = {
  order: "order",
  mapped: "order",
  remap: "order",
  reservation: "reservation",
  reservation_committed: "reservation",
  reservation_released: "reservation",
  reservation_expired: "reservation",
  sku: "catalogue",
  location: "catalogue",
  connection: "catalogue",
  listing: "catalogue",
};

/** Our own book-keeping of the last units: nothing happened to anybody's stock. */
const UNTOLD = "withheld";

/** The newest lines first, with `news` (oldest first) put on top. */
export function withNews(recent: readonly RecentNews[], news: readonly LedgerNews[]): readonly RecentNews[] {
  const lines = news.filter(({ entries }) => entries.some(({ kind }) => kind !== UNTOLD)).map(lineOf);
  if (lines.length === 0) return recent;
  return [...lines.toReversed(), ...recent].slice(0, RECENT_KEPT);
}

function lineOf(event: LedgerNews): RecentNews {
  const counts = new Map<EntryGroup, number>();
  const channels = new Set<string>();
  for (const { kind, channel } of event.entries) {
    if (kind === UNTOLD) continue;
    // Receipts, counts, returns and whatever else moves goods.
    const group = groupOfKind[kind] ?? "stock";
    counts.set(group, (counts.get(group) ?? 0) + 1);
    if (channel !== null) channels.add(channel);
  }
  return {
    seq: event.seq,
    recordedAt: event.entries.at(-1)?.recordedAt ?? "",
    groups: [...counts].map(([group, count]) => ({ group, count })),
    channels: [...channels],
    skus: event.skus.map(({ sku, available }) => ({ sku, available })),
  };
}
