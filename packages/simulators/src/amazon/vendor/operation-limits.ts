import type { Settings } from "../settings.ts";
import { type OperationId, operationOf } from "./operations.ts";

/** Usage plans: token buckets per seller (or grantless app) and operation, and per app and operation. */
export interface OperationLimits {
  /** Takes one call; says whose bucket was empty when there is none left. */
  take(
    caller: { bucket: string; clientId: string },
    operation: OperationId,
  ): "taken" | "seller" | "application";
  /** Calls per second, as `x-amzn-RateLimit-Limit` tells them. */
  rateOf(operation: OperationId): number;
}

/** Callers with made-up names must not fill the memory. */
const MOST_BUCKETS = 10_000;

export function createOperationLimits(now: () => number, settings: () => Settings): OperationLimits {
  const buckets = new Map<string, { tokens: number; filledAt: number }>();

  const planOf = (operation: OperationId): { rate: number; burst: number } => {
    const { factor, operations } = settings().limits;
    const { rate, burst } = operations[operation] ?? operationOf(operation);
    return { rate: rate * factor, burst: Math.max(1, burst * factor) };
  };

  const fill = (key: string, { rate, burst }: { rate: number; burst: number }): number => {
    const at = now();
    const bucket = buckets.get(key) ?? { tokens: burst, filledAt: at };
    const tokens = Math.min(burst, bucket.tokens + ((at - bucket.filledAt) / 1_000) * rate);
    buckets.set(key, { tokens, filledAt: at });
    const [oldest] = buckets.keys();
    if (buckets.size > MOST_BUCKETS && oldest !== undefined) buckets.delete(oldest);
    return tokens;
  };

  const spend = (key: string): void => {
    const bucket = buckets.get(key);
    if (bucket !== undefined) bucket.tokens -= 1;
  };

  return {
    take({ bucket, clientId }, operation) {
      const own = `${bucket} ${operation}`;
      const shared = `app ${clientId} ${operation}`;
      const { perApplication } = operationOf(operation);
      const perSecond = (perApplication ?? Infinity) * settings().limits.factor;
      if (fill(own, planOf(operation)) < 1) return "seller";
      if (perSecond !== Infinity && fill(shared, { rate: perSecond, burst: Math.max(1, perSecond) }) < 1) {
        return "application";
      }
      spend(own);
      spend(shared);
      return "taken";
    },
    rateOf: (operation) => planOf(operation).rate,
  };
}
