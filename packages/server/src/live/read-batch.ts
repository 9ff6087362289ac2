import type pg from "pg";

import type { LiveBatch } from "./frame.ts";
import { readAlerts, readEntries, readNumbersAt, readObservations, readTouchedSkus } from "./live-store.ts";
import type { LiveEntry } from "./live-store.ts";
import type { Position } from "./position.ts";

/** Entries and observations told in one piece at most: bursts become fewer, larger events up to here. */
const BATCH_MAX = 500;

/** SKUs in one piece (about 130 bytes each), unless a single entry moved more. */
const SKUS_MAX = 2000;

/** What happened after a position, the next piece of it; null when nothing did. */
export async function readBatch(pool: pg.Pool, sellerId: number, from: Position): Promise<LiveBatch | null> {
  const entries = await readEntries(pool, sellerId, from.seq, BATCH_MAX);
  const observations = await readObservations(pool, sellerId, from.cursor, BATCH_MAX);
  if (entries.length === 0 && observations.length === 0) return null;
  checkGapless(from.seq, entries, (entry) => entry.seq, "entry");
  checkGapless(from.cursor, observations, (observation) => observation.cursor, "observation");
  const told = await entriesWithSkus(pool, sellerId, from.seq, entries);
  const seq = told.entries.at(-1)?.seq ?? from.seq;
  return {
    from,
    to: { seq, cursor: observations.at(-1)?.cursor ?? from.cursor },
    entries: told.entries,
    skus: told.skus.length > 0 ? await readNumbersAt(pool, sellerId, told.skus, seq) : [],
    alerts: seq > from.seq ? await readAlerts(pool, sellerId, from.seq, seq) : [],
    observations,
    more:
      told.entries.length < entries.length ||
      entries.length === BATCH_MAX ||
      observations.length === BATCH_MAX,
  };
}

/** As many of the entries as together touch no more SKUs than fit one piece; always one. */
async function entriesWithSkus(
  pool: pg.Pool,
  sellerId: number,
  after: number,
  entries: readonly LiveEntry[],
): Promise<{ entries: readonly LiveEntry[]; skus: readonly string[] }> {
  let part = entries;
  for (;;) {
    const last = part.at(-1);
    if (last === undefined) return { entries: [], skus: [] };
    const limit = part.length === 1 ? Number.MAX_SAFE_INTEGER : SKUS_MAX + 1;
    const skus = await readTouchedSkus(pool, sellerId, { after, through: last.seq, limit });
    if (skus.length < limit) return { entries: part, skus };
    part = part.slice(0, Math.ceil(part.length / 2));
  }
}

/** Numbers are given out without gaps and committed in order, so a hole means that rows were removed. */
function checkGapless<T>(
  after: number,
  rows: readonly T[],
  numberOf: (row: T) => number,
  what: string,
): void {
  rows.forEach((row, index) => {
    const expected = after + 1 + index;
    if (numberOf(row) !== expected)
      throw new GapInLog(`${what} ${expected} is missing before ${numberOf(row)}`);
  });
}

/** What came after a position is no longer there, for example because old entries were archived. */
export class GapInLog extends Error {}
