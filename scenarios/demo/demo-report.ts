// The demo's last line, from the simulators' own truth, and the auditor's word on Onepool's balances.
import { z } from "zod";

import type { OnepoolClient } from "../harness/onepool-client.ts";
import type { Market } from "../harness/simulated-markets.ts";
import type { Policy } from "./demo-options.ts";
import { CHANNELS, type DemoPlan } from "./demo-plan.ts";
import type { DemoWorld } from "./demo-world.ts";
import { allSkus, availableByBooks } from "./quiet.ts";

interface Percentiles {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

export interface DemoReport {
  readonly policy: Policy;
  readonly orders: number;
  readonly units: number;
  readonly duplicatesDropped: number;
  readonly oversoldUnits: number;
  readonly lostUnits: number;
  /** The part of them that could have been served in full: nothing but the numbers shown was in the way. */
  readonly lostServableUnits: number;
  /** Real milliseconds. */
  readonly saleToConfirmedMs: Percentiles;
  readonly simulatedSaleToConfirmedMs: Percentiles;
  readonly timeFactor: number;
  readonly isQuiet: boolean;
  /** SKUs whose available in Onepool is not the physical units less net accepted ones: none. */
  readonly wrongSkus: readonly string[];
}

export async function demoReport(
  client: OnepoolClient,
  world: DemoWorld,
  plan: DemoPlan,
  facts: { policy: Policy; timeFactor: number; isQuiet: boolean },
): Promise<DemoReport> {
  const { totals, saleToConfirmed } = world.truth.report();
  const { p50, p95, p99 } = saleToConfirmed.wallMs;
  const simulated = (ms: number | null): number | null =>
    ms === null ? null : Math.round(ms * facts.timeFactor);
  const duplicated = await Promise.all(CHANNELS.map((channel) => duplicatesOf(world, channel)));
  const expected = availableByBooks(world);
  const skus = await allSkus(client);
  return {
    policy: facts.policy,
    orders: plan.attempts.length,
    units: plan.attempts.reduce((sum, { quantity }) => sum + quantity, 0),
    duplicatesDropped: duplicated.reduce((sum, count) => sum + count, 0),
    oversoldUnits: totals.oversoldUnits,
    lostUnits: totals.lostUnits,
    lostServableUnits: totals.lostServableUnits,
    saleToConfirmedMs: saleToConfirmed.wallMs,
    simulatedSaleToConfirmedMs: { p50: simulated(p50), p95: simulated(p95), p99: simulated(p99) },
    timeFactor: facts.timeFactor,
    isQuiet: facts.isQuiet,
    wrongSkus: skus.filter(({ sku, available }) => expected.get(sku) !== available).map(({ sku }) => sku),
  };
}

const countsSchema = z.object({ counts: z.object({ duplicated: z.number() }) });

/** Notifications that the marketplace sent a second time. */
async function duplicatesOf(world: DemoWorld, channel: Market): Promise<number> {
  return countsSchema.parse(await world.control(channel, "GET", "notifications")).counts.duplicated;
}
