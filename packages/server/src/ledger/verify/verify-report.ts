/** Something that is not as it must be. */
export interface Difference {
  readonly sellerId: number;
  /** What was looked at: balances, sequence, promises … */
  readonly check: string;
  /** The row it is about. */
  readonly subject: string;
  /** One sentence with what stands there and what should. */
  readonly sentence: string;
}

export interface VerifyReport {
  readonly sellers: number;
  readonly entries: number;
  readonly movements: number;
  /** At most `MAX_DIFFERENCES` per seller and check. */
  readonly differences: readonly Difference[];
}

/** More of one kind tell nothing new, and memory stays bounded. */
export const MAX_DIFFERENCES = 1_000;
