import type { Order } from "./order.ts";

/** An order as it was at one time, for whoever reads with a lag. */
interface Version {
  order: Order;
  /** When the search begins to show it. */
  searchableAt: number;
  /** When `getOrder` begins to show it. */
  readableAt: number;
}

interface Entry {
  order: Order;
  /** Oldest first; what no reader can see any more is dropped. */
  versions: Version[];
}

/** Orders kept; the oldest are forgotten beyond it, so that a demo may run for weeks. */
const MOST_ORDERS = 50_000;

/** Orders as they are, and as those see them who read with a lag. */
export class OrderBook {
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();

  constructor(now: () => number) {
    this.#now = now;
  }

  get(orderId: string): Order | undefined {
    return this.#entries.get(orderId)?.order;
  }

  /** Every order as it is, oldest first. */
  all(): Order[] {
    return [...this.#entries.values()].map(({ order }) => order);
  }

  /** Writes down that the order is new or has changed; readers see it after their lags. */
  record(order: Order, lags: { searchMs: number; readMs: number }): void {
    const entry = this.#entries.get(order.id) ?? { order, versions: [] };
    this.#entries.set(order.id, entry);
    const now = this.#now();
    // A reader never goes back to an older version because that one's own lag was longer.
    const last = entry.versions.at(-1);
    entry.versions.push({
      order: structuredClone(order),
      searchableAt: Math.max(now + lags.searchMs, last?.searchableAt ?? 0),
      readableAt: Math.max(now + lags.readMs, last?.readableAt ?? 0),
    });
    this.#dropUnseen(entry, now);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MOST_ORDERS && oldest !== undefined) this.#entries.delete(oldest);
  }

  /** What `getOrder` shows now. */
  readable(orderId: string): Order | undefined {
    const now = this.#now();
    return this.#entries.get(orderId)?.versions.findLast(({ readableAt }) => readableAt <= now)?.order;
  }

  /** What the search shows now. */
  searchable(): Order[] {
    const now = this.#now();
    return [...this.#entries.values()].flatMap(
      ({ versions }) => versions.findLast(({ searchableAt }) => searchableAt <= now)?.order ?? [],
    );
  }

  #dropUnseen(entry: Entry, now: number): void {
    const seen = entry.versions.findLastIndex(
      ({ searchableAt, readableAt }) => searchableAt <= now && readableAt <= now,
    );
    if (seen > 0) entry.versions.splice(0, seen);
  }
}
