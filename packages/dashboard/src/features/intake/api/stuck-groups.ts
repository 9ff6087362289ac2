import type { KeeperFact } from "../../../api/contract.ts";

/** Facts of one kind that wait, or were put aside, for one reason. */
export interface StuckGroup {
  readonly kind: KeeperFact["kind"];
  readonly error: string | null;
  readonly factIds: readonly string[];
  readonly latestAt: string;
}

/** A hundred facts that name one unknown place are one thing to mend. The largest group first. */
export function stuckGroups(facts: readonly KeeperFact[]): readonly StuckGroup[] {
  const groups = Map.groupBy(facts, ({ kind, error }) => `${kind} ${error}`);
  return [...groups.values()]
    .map((group) => ({
      kind: group[0]?.kind ?? "snapshot",
      error: group[0]?.error ?? null,
      factIds: group.map(({ factId }) => factId),
      latestAt: group.map(({ receivedAt }) => receivedAt).reduce((a, b) => (a > b ? a : b)),
    }))
    .toSorted((a, b) => b.factIds.length - a.factIds.length);
}
