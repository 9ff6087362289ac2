// The marketplaces' own times and rates, divided by the demo's factor: at the simulators and, told as the accounts' own, at Onepool.
import { capability as amazonCapability } from "@onepool/connectors/amazon/capability.ts";
import type { Capability } from "@onepool/connectors/contract/capability.ts";
import { capability as meliCapability } from "@onepool/connectors/mercadolibre/capability.ts";
import {
  defaultSettings as amazonDefaults,
  type SettingsChange as AmazonSettings,
} from "@onepool/simulators/amazon/settings.ts";
import {
  defaultSettings as meliDefaults,
  type SettingsChange as MeliSettings,
} from "@onepool/simulators/mercadolibre/settings.ts";

/**
 * A factor's whole effect. Not divided: how long access tokens live and how long a callback may take to answer, which are
 * between machines and touch no sale.
 */
export interface DemoPace {
  readonly simulated: { readonly amazon: AmazonSettings; readonly meli: MeliSettings };
  /** Options of the connections. */
  readonly options: Readonly<Record<"amazon" | "meli", Readonly<Record<string, number>>>>;
}

export function demoPace(factor: number): DemoPace {
  return {
    simulated: { amazon: fasterAmazon(factor), meli: fasterMeli(factor) },
    options: {
      amazon: fasterOptions(amazonCapability, factor),
      meli: fasterOptions(meliCapability, factor),
    },
  };
}

function fasterAmazon(factor: number): AmazonSettings {
  const { orderClosingGapMs, orderSearchLagMs, notificationLatencyMs, writeApplyMs, writeTail } =
    amazonDefaults();
  return {
    orderClosingGapMs: shorter(orderClosingGapMs, factor),
    orderSearchLagMs: orderSearchLagMs / factor,
    notificationLatencyMs: shorter(notificationLatencyMs, factor),
    writeApplyMs: shorter(writeApplyMs, factor),
    writeTail: {
      share: writeTail.share,
      minMs: writeTail.minMs / factor,
      maxMs: writeTail.maxMs / factor,
    },
    limits: { factor },
  };
}

function fasterMeli(factor: number): MeliSettings {
  const { orderClosingGapMs, notificationLatencyMs, limits } = meliDefaults();
  return {
    orderClosingGapMs: shorter(orderClosingGapMs, factor),
    notificationLatencyMs: shorter(notificationLatencyMs, factor),
    limits: { perMinute: limits.perMinute * factor, burst: limits.burst },
  };
}

function fasterOptions(capability: Capability, factor: number): Record<string, number> {
  const { orderPollIntervalMs, orderPollOverlapMs, orderListLagMs, writeAppliesWithinMs, limits } =
    capability;
  return {
    orderPollIntervalMs: orderPollIntervalMs / factor,
    orderPollOverlapMs: orderPollOverlapMs / factor,
    orderListLagMs: orderListLagMs / factor,
    writeAppliesWithinMs: writeAppliesWithinMs / factor,
    ordersPerMinute: limits.orders.perMinute * factor,
    orderListsPerMinute: limits.orderLists.perMinute * factor,
    readsPerMinute: limits.reads.perMinute * factor,
    writesPerMinute: limits.writes.perMinute * factor,
  };
}

function shorter({ min, max }: { min: number; max: number }, factor: number): { min: number; max: number } {
  return { min: min / factor, max: max / factor };
}
