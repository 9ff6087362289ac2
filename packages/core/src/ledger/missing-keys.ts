// Keys that a decision asked for and the cache did not hold, per kind, each once.

export interface MissingKeys {
  skus: string[][];
  locations: string[][];
  connections: string[][];
  listings: string[][];
  accounts: string[][];
  orders: string[][];
  reservations: string[][];
  withheld: string[][];
  inbounds: string[][];
  externalEntries: string[][];
  counts: string[][];
  movedAfter: string[][];
  unmapped: string[][];
  alerts: string[][];
}

export class LedgerKeys {
  private readonly sets = new Map<keyof MissingKeys, Map<string, readonly string[]>>();

  add(kind: keyof MissingKeys, id: readonly string[]): void {
    let set = this.sets.get(kind);
    if (set === undefined) this.sets.set(kind, (set = new Map()));
    set.set(id.join("\u001f"), id);
  }

  get size(): number {
    let size = 0;
    for (const set of this.sets.values()) size += set.size;
    return size;
  }

  /** The ids asked for of one kind, in the order asked. */
  of(kind: keyof MissingKeys): readonly (readonly string[])[] {
    return [...(this.sets.get(kind)?.values() ?? [])];
  }

  clear(): void {
    this.sets.clear();
  }
}
