import type { CallBudget, RateLimit } from "@onepool/connectors/contract/capability.ts";
import { backoffMs } from "@onepool/core/intake/backoff.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import { fullBucket, slowedDown, take, type TokenBucket } from "@onepool/core/publish/token-bucket.ts";

/** Without a word from the channel how long to wait, a throttled budget pauses this long at first. In milliseconds. */
const PAUSE = { firstMs: 1_000, longestMs: 60_000 };

export const CALL_BUDGETS = ["orders", "orderLists", "reads", "writes"] as const;

/** What is left of the calls of one kind. */
export interface BudgetLeft {
  readonly budget: CallBudget;
  /** The rate agreed with the channel. */
  readonly perMinute: number;
  /** Calls that may be made at once after a pause, and now. */
  readonly burst: number;
  readonly left: number;
  /** Share of the rate in use: halved when the channel says too much. */
  readonly share: number;
  /** The channel asked for silence until then; null while it does not. */
  readonly blockedUntil: Instant | null;
}

/**
 * How many calls of each kind a connection to a channel or a keeper may make now. Per process: what several together use too much,
 * the other side's 429 takes back.
 */
export class CallBudgets<Budget extends CallBudget = CallBudget> {
  private limits: Readonly<Record<Budget, RateLimit>>;
  /** What the seller set: the channel's own word never raises it. */
  private readonly ceilings: ReadonlyMap<Budget, number>;
  private readonly clock: { now(): number };
  private readonly buckets = new Map<Budget, TokenBucket>();
  private readonly refusals = new Map<Budget, number>();

  constructor(
    capability: { readonly limits: Readonly<Record<Budget, RateLimit>> },
    settings: unknown,
    clock: { now(): number },
  ) {
    this.limits = limitsOf(capability.limits, settings);
    this.ceilings = ceilingsOf(this.kinds(), settings);
    this.clock = clock;
  }

  /** Takes so many calls together, or none; `waitMs` until they are there. */
  take(kind: Budget, wanted: number): { readonly taken: number; readonly waitMs: number } {
    const limit = this.limits[kind];
    const now = this.clock.now();
    const { bucket, taken, waitMs } = take(this.buckets.get(kind) ?? fullBucket(limit, now), limit, {
      wanted,
      now,
    });
    this.buckets.set(kind, bucket);
    return { taken, waitMs };
  }

  private kinds(): Budget[] {
    return CALL_BUDGETS.filter((kind): kind is Budget => kind in this.limits);
  }

  /** Whether calls are so many that some may go to what is not necessary: at least half of what can be saved up. */
  abounds(kind: Budget): boolean {
    const limit = this.limits[kind];
    const now = this.clock.now();
    const { bucket, waitMs } = take(this.buckets.get(kind) ?? fullBucket(limit, now), limit, {
      wanted: 0,
      now,
    });
    return waitMs === 0 && bucket.tokens >= limit.burst / 2;
  }

  /** What is left of each kind of call now. */
  left(): BudgetLeft[] {
    const now = this.clock.now();
    return this.kinds().map((budget) => {
      const limit = this.limits[budget];
      const { bucket } = take(this.buckets.get(budget) ?? fullBucket(limit, now), limit, { wanted: 0, now });
      const { tokens, share, blockedUntil } = bucket;
      return {
        budget,
        perMinute: limit.perMinute,
        burst: limit.burst,
        left: Math.floor(tokens),
        share,
        blockedUntil: blockedUntil > now ? blockedUntil : null,
      };
    });
  }

  /** The channel says how many of these calls it allows per minute. */
  learn(kind: Budget, perMinute: number): void {
    if (!Number.isFinite(perMinute) || perMinute <= 0) return;
    const allowed = Math.min(perMinute, this.ceilings.get(kind) ?? Infinity);
    const limit = this.limits[kind];
    if (limit.perMinute === allowed) return;
    const now = this.clock.now();
    const bucket = this.buckets.get(kind);
    // What flowed in until now did so at the old rate.
    if (bucket !== undefined) this.buckets.set(kind, take(bucket, limit, { wanted: 0, now }).bucket);
    this.limits = { ...this.limits, [kind]: { ...limit, perMinute: allowed } };
  }

  /** The channel refused a call as one too many. */
  throttled(kind: Budget, retryAfterMs: number | undefined): void {
    const limit = this.limits[kind];
    const now = this.clock.now();
    const bucket = this.buckets.get(kind) ?? fullBucket(limit, now);
    const refusals = (this.refusals.get(kind) ?? 0) + 1;
    this.refusals.set(kind, refusals);
    const pauseMs = retryAfterMs ?? backoffMs(refusals, Math.random(), PAUSE);
    this.buckets.set(kind, slowedDown(bucket, limit, { pauseMs, now }));
  }

  /** A call went through. */
  worked(kind: Budget): void {
    this.refusals.delete(kind);
  }
}

/** The capability's limits, each replaced by what the connection's settings say under `limits`. */
function limitsOf<Budget extends CallBudget>(
  limits: Readonly<Record<Budget, RateLimit>>,
  settings: unknown,
): Readonly<Record<Budget, RateLimit>> {
  const given = fieldOf(settings, "limits");
  const own = Object.entries<RateLimit>(limits).map(([kind, limit]) => {
    const its = fieldOf(given, kind);
    // A bucket that never holds a whole token would stop the connection for ever.
    const burst = above(1, fieldOf(its, "burst")) ?? limit.burst;
    return [kind, { perMinute: above(0, fieldOf(its, "perMinute")) ?? limit.perMinute, burst }] as const;
  });
  return Object.fromEntries(own) as Record<Budget, RateLimit>;
}

/** Calls per minute that the seller allows. */
function ceilingsOf<Budget extends CallBudget>(
  kinds: readonly Budget[],
  settings: unknown,
): ReadonlyMap<Budget, number> {
  const given = fieldOf(settings, "limits");
  return new Map(
    kinds.flatMap((kind) => {
      const own = above(0, fieldOf(fieldOf(given, kind), "perMinute"));
      return own === null ? [] : [[kind, own] as const];
    }),
  );
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[field] : undefined;
}

/** A finite number of at least `least`, and never 0: one call in three minutes is a rate too. */
function above(least: number, value: unknown): number | null {
  const isNumber = typeof value === "number" && Number.isFinite(value);
  return isNumber && value > 0 && value >= least ? value : null;
}
