/** Numbered entries, the last `capacity` kept: a demo may run for weeks. */
export interface BoundedLog<Entry> {
  /** Appends and returns the entry with its number, counted from 1. */
  append(entry: Entry): Entry & { n: number };
  /** Entries with a number above `after`, oldest first. */
  after(after: number, limit: number): (Entry & { n: number })[];
  latest(limit: number): (Entry & { n: number })[];
  /** Entries that have been dropped to make room. */
  dropped(): number;
}

/** A log of at most `capacity` entries; at times up to twice as many are held, so that dropping is cheap. */
export function createBoundedLog<Entry extends object>(capacity: number): BoundedLog<Entry> {
  let entries: (Entry & { n: number })[] = [];
  let count = 0;

  return {
    append(entry) {
      count += 1;
      const numbered = { n: count, ...entry };
      entries.push(numbered);
      if (entries.length >= capacity * 2) entries = entries.slice(-capacity);
      return numbered;
    },
    after(after, limit) {
      const oldest = entries[0]?.n ?? 1;
      const from = Math.max(0, after + 1 - oldest);
      return entries.slice(from, from + limit);
    },
    latest: (limit) => entries.slice(-limit),
    dropped: () => count - entries.length,
  };
}
