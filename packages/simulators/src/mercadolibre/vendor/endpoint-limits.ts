import type { Settings, TokenBucketSetting } from "../settings.ts";

/** Quotas per client id and endpoint, as the marketplace counts them. */
export interface EndpointLimits {
  /** Takes one call from the bucket, and from that of the whole app; false when one of them is empty. */
  take(clientId: string, endpoint: string): boolean;
}

/** Callers with made-up client ids must not fill the memory. */
const MOST_BUCKETS = 10_000;

export function createEndpointLimits(now: () => number, settings: () => Settings): EndpointLimits {
  const buckets = new Map<string, { tokens: number; filledAt: number }>();

  const takeFrom = (key: string, { perMinute, burst }: TokenBucketSetting): boolean => {
    const at = now();
    const bucket = buckets.get(key) ?? { tokens: burst, filledAt: at };
    const refilled = bucket.tokens + ((at - bucket.filledAt) / 60_000) * perMinute;
    const tokens = Math.min(burst, refilled);
    const allowed = tokens >= 1;
    buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, filledAt: at });
    const [oldest] = buckets.keys();
    if (buckets.size > MOST_BUCKETS && oldest !== undefined) buckets.delete(oldest);
    return allowed;
  };

  return {
    take(clientId, endpoint) {
      const { app, endpoints, perMinute, burst } = settings().limits;
      if (app !== null && !takeFrom(`${clientId} *`, app)) return false;
      return takeFrom(`${clientId} ${endpoint}`, endpoints[endpoint] ?? { perMinute, burst });
    },
  };
}
