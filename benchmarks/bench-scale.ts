import type { Span } from "./measure/closed-loop.ts";
import type { WebhookPlan } from "./webhook/measure-webhook.ts";
import { settingsOf, type Setting } from "./workload/setting.ts";

/** How much is measured, and for how long. */
export interface BenchScale {
  readonly rounds: number;
  readonly warmUp: Span;
  readonly round: Span;
  /** Per part; see `Pace`. */
  readonly budgetMs: number;
  readonly settings: readonly Setting[];
  readonly baselineConnections: readonly number[];
  readonly skus: number;
  /** Rates in notifications a second. */
  readonly webhook: Pick<WebhookPlan, "skus" | "rates" | "rounds" | "roundMs" | "patienceMs">;
  readonly idle: { readonly skus: number; readonly load: Span; readonly restSeconds: number };
}

/** Everything, in less than ten minutes. */
export const FULL_SCALE: BenchScale = {
  rounds: 7,
  warmUp: { atLeastMs: 300, atMostMs: 1_000 },
  round: { atLeastMs: 600, atMostMs: 1_500 },
  budgetMs: 150_000,
  settings: settingsOf({ ordersPerCall: [1, 100], callers: [1, 16, 64, 512] }),
  baselineConnections: [1, 4, 16, 64],
  skus: 10_000,
  webhook: { skus: 1_000, rates: [20, 100, 1_000, 5_000], rounds: 3, roundMs: 4_000, patienceMs: 10_000 },
  idle: { skus: 100_000, load: { atLeastMs: 8_000, atMostMs: 12_000 }, restSeconds: 130 },
};

/** A first look, in less than two minutes. Its figures jump about. */
export const QUICK_SCALE: BenchScale = {
  rounds: 3,
  warmUp: { atLeastMs: 100, atMostMs: 300 },
  round: { atLeastMs: 200, atMostMs: 500 },
  budgetMs: 25_000,
  settings: [
    ...settingsOf({ ordersPerCall: [1], callers: [1, 64, 512] }),
    ...settingsOf({ ordersPerCall: [100], callers: [1, 16] }),
  ],
  baselineConnections: [1, 16],
  skus: 10_000,
  webhook: { skus: 200, rates: [20, 1_000], rounds: 1, roundMs: 2_000, patienceMs: 5_000 },
  idle: { skus: 100_000, load: { atLeastMs: 2_000, atMostMs: 4_000 }, restSeconds: 8 },
};
