import type { RateLimit } from "../capability.ts";

/** Calls to a keeper are budgeted by what they are for, so that reading never starves an order. */
export type KeeperBudget = "reads" | "writes";

/** What a keeper can do, as data: callers read this instead of asking which keeper it is. */
export interface KeeperCapability {
  readonly kind: string;
  readonly title: string;
  readonly status: "experimental" | "beta" | "stable";
  /**
   * How what lies there can be learned: by reading it (`poll`), by asking for a walk through the warehouse and fetching it later
   * (`job`), from files, or only when the keeper writes to us (`pushed`).
   */
  readonly levels: "poll" | "job" | "file" | "pushed";
  /** What time a level is of: one that the keeper states, the time that reading took, or that of its arrival. */
  readonly levelsAsOf: "exact" | "interval" | "receipt_time";
  /** Items that one targeted reading may name; 0 where single items cannot be read. */
  readonly levelsPerRead: number;
  /** Whether damaged and held units are part of the keeper's `onHand`. */
  readonly onHandIncludesHeld: boolean;
  /**
   * False where its levels never say how many units are damaged or held: their `held` is then 0 and says nothing, and what movements
   * told of them stands. Absent: they do.
   */
  readonly levelsSayHeld?: boolean;
  /** Whether it says how many of its units are allocated to orders: a check, never a source. */
  readonly saysAllocated: boolean;
  /** How it tells of single movements. */
  readonly movements: "none" | "webhook" | "log" | "file" | "pushed";
  /** Whether movements carry what lay there before: a gap between two of them is then seen at once. */
  readonly movementsSayBefore: boolean;
  /** When a unit leaves the keeper's `onHand`. */
  readonly onHandDropsAt: "pick" | "ship";
  /** Which documents it tells the state of; each cumulative. */
  readonly documents: { readonly shipments: boolean; readonly receipts: boolean; readonly returns: boolean };
  /**
   * How orders are given to it: by a call (`sent`), by a file, or fetched by the keeper from our API (`fetched`); `none` where it
   * takes them from the marketplaces by itself.
   */
  readonly orders: "sent" | "file" | "fetched" | "none";
  /** How deliveries to be expected are announced to it. */
  readonly inbounds: "sent" | "file" | "fetched" | "none";
  /** How often all levels are read, in milliseconds; null where they are not polled. */
  readonly levelsIntervalMs: number | null;
  /** How often what happened since is collected (its log, its files), in milliseconds; null where there is no such thing. */
  readonly movementsIntervalMs: number | null;
  /** How often documents that changed are listed, in milliseconds; null where they are not. */
  readonly documentsIntervalMs: number | null;
  /** A list of changed documents begins this long before what the last one reached, in milliseconds. */
  readonly documentsOverlapMs: number;
  /** How far the keeper's clock may be from ours, in milliseconds: widens every interval that is compared with it. */
  readonly clockSkewMs: number;
  readonly limits: Readonly<Record<KeeperBudget, RateLimit>>;
}
