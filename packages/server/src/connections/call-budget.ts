import type { CallBudget, Capability, RateLimit } from "@onepool/connectors/contract/capability.ts";
import { backoffMs } from "@onepool/core/intake/backoff.ts";
import { fullBucket, slowedDown, take, type TokenBucket } from "@onepool/core/publish/token-bucket.ts";

/** Without a word from the channel how long to wait, a throttled budget pauses this long at first. In milliseconds. */
const PAUSE = { firstMs: 1_000, longestMs: 60_000 };

/** How many calls of each kind a connection may make now. Per process: what several together use too much, the channel's 429 takes back. */
export class CallBudgets {
  private readonly limits: Readonly<Record<CallBudget, RateLimit>>;
  private readonly clock: { now(): number };
  private readonly buckets = new Map<CallBudget, TokenBucket>();
  private readonly refusals = new Map<CallBudget, number>();

  constructor(capability: Capability, settings: unknown, clock: { now(): number }) {
    this.limits = limitsOf(capability, settings);
    this.clock = clock;
  }

  /** Takes up to `wanted` calls; `waitMs` until there is another one. */
  take(kind: CallBudget, wanted: number): { readonly taken: number; readonly waitMs: number } {
    const limit = this.limits[kind];
    const now = this.clock.now();
    const { bucket, taken, waitMs } = take(this.buckets.get(kind) ?? fullBucket(limit, now), limit, {
      wanted,
      now,
    });
    this.buckets.set(kind, bucket);
    return { taken, waitMs };
  }

  /** The channel refused a call as one too many. */
  throttled(kind: CallBudget, retryAfterMs: number | undefined): void {
    const limit = this.limits[kind];
    const now = this.clock.now();
    const bucket = this.buckets.get(kind) ?? fullBucket(limit, now);
    const refusals = (this.refusals.get(kind) ?? 0) + 1;
    this.refusals.set(kind, refusals);
    const pauseMs = retryAfterMs ?? backoffMs(refusals, Math.random(), PAUSE);
    this.buckets.set(kind, slowedDown(bucket, limit, { pauseMs, now }));
  }

  /** A call went through. */
  worked(kind: CallBudget): void {
    this.refusals.delete(kind);
  }
}

/** The capability's limits, each replaced by what the connection's settings say under `limits`. */
function limitsOf(capability: Capability, settings: unknown): Readonly<Record<CallBudget, RateLimit>> {
  const given = fieldOf(settings, "limits");
  const limitOf = (kind: CallBudget): RateLimit => {
    const own = fieldOf(given, kind);
    return {
      perMinute: positive(fieldOf(own, "perMinute")) ?? capability.limits[kind].perMinute,
      burst: positive(fieldOf(own, "burst")) ?? capability.limits[kind].burst,
    };
  };
  return {
    orders: limitOf("orders"),
    orderLists: limitOf("orderLists"),
    reads: limitOf("reads"),
    writes: limitOf("writes"),
  };
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[field] : undefined;
}

/** At least 1: a bucket that never holds a whole token would stop the connection for ever. */
function positive(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 1 ? value : null;
}
