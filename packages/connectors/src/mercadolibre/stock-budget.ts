import {
  type BucketLimit,
  fullBucket,
  slowedDown,
  take,
  type TokenBucket,
} from "@onepool/core/publish/token-bucket.ts";

import type { ConnectorError } from "../contract/connector-error.ts";

/**
 * `/user-products/{id}/stock` takes 100 calls a minute (DOC:convivencia-full-y-flex); whether readings and writes count apart
 * is not said, so they share one bucket that never lets more than 100 through within a minute.
 */
const LIMIT: BucketLimit = { perMinute: 80, burst: 20 };

/** Calls that readings leave to writes. */
const KEPT_FOR_WRITES = 5;

/** After a 429 without a word on how long, in milliseconds. */
const PAUSE_MS = 5_000;

/** The budget of user products' stock calls, apart from everything else. Per process. */
export class StockBudget {
  private readonly clock: { now(): number };
  private bucket: TokenBucket;

  constructor(clock: { now(): number }) {
    this.clock = clock;
    this.bucket = fullBucket(LIMIT, clock.now());
  }

  /** Null when the call may be made, otherwise the error that says when. */
  take(kind: "read" | "write"): ConnectorError | null {
    const now = this.clock.now();
    const kept = kind === "read" ? KEPT_FOR_WRITES : 0;
    const ahead = take(this.bucket, LIMIT, { wanted: 1 + kept, now });
    if (ahead.taken === 1 + kept) {
      this.bucket = take(this.bucket, LIMIT, { wanted: 1, now }).bucket;
      return null;
    }
    const missing = kept - ahead.taken;
    const waitMs = ahead.waitMs + (missing * 60_000) / LIMIT.perMinute;
    return {
      kind: "throttled",
      code: "user_product_budget",
      message:
        "MercadoLibre takes 100 calls a minute for the stock of user products: this one waits for its turn.",
      retryAfterMs: Math.ceil(waitMs),
      isOnlyThis: true,
    };
  }

  /** The channel itself said too much. */
  throttled(retryAfterMs: number | undefined): void {
    this.bucket = slowedDown(this.bucket, LIMIT, {
      pauseMs: retryAfterMs ?? PAUSE_MS,
      now: this.clock.now(),
    });
  }
}
