import type { KeyedRandom } from "../keyed-random.ts";
import type { ShipHeroFaults } from "./faults.ts";

/** No read lags further behind than the longest lag that can be set. */
const KEPT_MS = 3_600_000;

interface Version<Value> {
  at: number;
  value: Value;
}

interface HistoryParts {
  now: () => number;
  random: KeyedRandom;
  faults: ShipHeroFaults;
}

/**
 * What is known under a key, and what it was before: reads may lag behind, each row by itself. Values are never
 * changed once put.
 */
export class History<Key, Value> {
  readonly #parts: HistoryParts;
  readonly #versions = new Map<Key, Version<Value>[]>();
  #reads = 0;

  constructor(parts: HistoryParts) {
    this.#parts = parts;
  }

  /** `at`: when it came to be so, if that was before now. */
  put(key: Key, value: Value, at: number = this.#parts.now()): void {
    const versions = this.#versions.get(key) ?? [];
    const firstKept = versions.findLastIndex((version) => version.at <= at - KEPT_MS);
    if (firstKept > 0) versions.splice(0, firstKept);
    if (versions.at(-1)?.at === at) versions.pop();
    versions.push({ at, value });
    this.#versions.set(key, versions);
  }

  /** As it is, whatever reads show. */
  latest(key: Key): Value | undefined {
    return this.#versions.get(key)?.at(-1)?.value;
  }

  /** As a read shows it; undefined where a read that lags has not heard of it yet. */
  read(key: Key): Value | undefined {
    const versions = this.#versions.get(key);
    if (versions === undefined) return undefined;
    const until = this.#parts.now() - this.#lag();
    return versions.findLast(({ at }) => at <= until)?.value;
  }

  /** Everything as reads show it, in the order in which it came to be. */
  readAll(): Value[] {
    const rows: Value[] = [];
    for (const key of this.#versions.keys()) {
      const value = this.read(key);
      if (value !== undefined) rows.push(value);
    }
    return rows;
  }

  #lag(): number {
    const { random, faults } = this.#parts;
    const { lagMs, lagShare } = faults.current().reads;
    if (lagMs === 0) return 0;
    this.#reads += 1;
    return random.chance(`lag|${this.#reads}`, lagShare) ? lagMs : 0;
  }
}
