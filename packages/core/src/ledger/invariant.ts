/** Throws when something that must always hold does not: a bug of ours, never a user's mistake. */
export function invariant(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${sentence}`);
}
