import type { KeeperFact, LevelLine } from "../keeper/keeper-fact.ts";
import type { Collected, Keeper } from "../keeper/keeper.ts";
import { valueOf } from "./value-of.ts";

/** More pages than any test's keeper has: a list that never ends is a failure. */
const MOST_PAGES = 500;

/** All levels, by item and facility. `wait` is asked to let time pass where the keeper is still at work on them. */
export async function readAllLevels(
  keeper: Required<Keeper>,
  wait: (ms: number) => Promise<void> = neverWait,
): Promise<ReadonlyMap<string, LevelLine>> {
  const lines = new Map<string, LevelLine>();
  let page: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const levels = valueOf(await keeper.readLevels(page === undefined ? {} : { page }));
    if (levels.kind === "pending") {
      await wait(levels.askAgainAfterMs);
      ({ page } = levels);
      continue;
    }
    for (const line of levels.lines) lines.set(levelKey(line), line);
    if (levels.nextPage === null) return lines;
    page = levels.nextPage;
  }
  throw new Error("levels never end");
}

function neverWait(): Promise<void> {
  throw new Error("levels are read page by page here");
}

function levelKey({ item, facility }: Pick<LevelLine, "item" | "facility">): string {
  return `${item} at ${facility}`;
}

/** Everything that the keeper's log and lists tell, each fact once, the latest of each document. */
export async function readAllFacts(keeper: Required<Keeper>, since: number): Promise<KeeperFact[]> {
  const facts = new Map<string, KeeperFact>();
  for (const fact of await collectAll(keeper, since)) facts.set(fact.factId, fact);
  let page: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const listed = valueOf(
      await keeper.listDocuments({ from: since, ...(page === undefined ? {} : { page }) }),
    );
    for (const fact of listed.facts) facts.set(fact.factId, fact);
    if (listed.nextPage === null) return [...facts.values()];
    page = listed.nextPage;
  }
  throw new Error("documents never end");
}

async function collectAll(keeper: Required<Keeper>, since: number): Promise<KeeperFact[]> {
  const facts: KeeperFact[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const collected: Collected = valueOf(await keeper.collect({ cursor, since }));
    facts.push(...collected.facts);
    ({ cursor } = collected);
    if (!collected.hasMore) return facts;
  }
  throw new Error("the log never ends");
}

type Change = readonly [place: Pick<LevelLine, "item" | "facility">, units: number];

/**
 * By how much facts changed what is on hand, by item and facility: what left (`whatLeft` says how the keeper tells it), came, came back
 * and was adjusted.
 */
export function onHandChanges(
  facts: readonly KeeperFact[],
  whatLeft: "pick" | "shipment",
): ReadonlyMap<string, number> {
  const changes = new Map<string, number>();
  const told = facts.filter(({ kind }) => kind === whatLeft || (kind !== "pick" && kind !== "shipment"));
  for (const [place, units] of told.flatMap(changesIn)) {
    const key = levelKey(place);
    changes.set(key, (changes.get(key) ?? 0) + units);
  }
  return changes;
}

function changesIn(fact: KeeperFact): Change[] {
  switch (fact.kind) {
    case "pick":
      return [[fact, -fact.units]];
    case "shipment":
      return fact.lines.map((line) => [line, -line.shipped]);
    case "adjustment":
      // A pick whose order is not told is told again by the shipment.
      return fact.isUnlinkedPick === true ? [] : [[fact, fact.sellable]];
    case "receipt":
      return fact.lines.map((line) => [line, line.stowed]);
    case "return":
      return fact.lines.map((line) => [line, line.dispositions.restocked]);
    case "snapshot":
      return [];
  }
}
