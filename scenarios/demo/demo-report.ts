import type { OnepoolClient } from "../harness/onepool-client.ts";
// The demo's last line, from the simulator's own truth, and the auditor's word on Onepool's balances.
import type { Policy } from "./demo-options.ts";
import type { DemoPlan } from "./demo-plan.ts";
import type { DemoWorld } from "./demo-world.ts";
import { allSkus } from "./quiet.ts";

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
  /** SKUs whose available in Onepool is not the simulator's physical units less net accepted ones: none. */
  readonly wrongSkus: readonly string[];
}

export async function demoReport(
  client: OnepoolClient,
  world: DemoWorld,
  plan: DemoPlan,
  facts: { policy: Policy; timeFactor: number; isQuiet: boolean },
): Promise<DemoReport> {
  const { totals, saleToConfirmed, groups } = world.simulator.truth();
  const notifications = (await (await fetch(`${world.simulator.url}/_sim/notifications`)).json()) as {
    counts: { duplicated: number };
  };
  const expected = new Map(
    groups.map(
      ({ id, remainingUnits, units, netAcceptedUnits }) =>
        [id, { remainingUnits, available: units - netAcceptedUnits }] as const,
    ),
  );
  const skus = await allSkus(client);
  return {
    policy: facts.policy,
    orders: plan.attempts.length,
    units: plan.attempts.reduce((sum, { quantity }) => sum + quantity, 0),
    duplicatesDropped: notifications.counts.duplicated,
    oversoldUnits: totals.oversoldUnits,
    lostUnits: totals.lostUnits,
    lostServableUnits: totals.lostServableUnits,
    saleToConfirmedMs: saleToConfirmed.wallMs,
    simulatedSaleToConfirmedMs: saleToConfirmed.ms,
    timeFactor: facts.timeFactor,
    isQuiet: facts.isQuiet,
    wrongSkus: skus
      .filter(({ sku, available }) => expected.get(sku)?.available !== available)
      .map(({ sku }) => sku),
  };
}
