// The simulated marketplaces of the demo: an Amazon and a MercadoLibre account that list every SKU of the plan.
import { createSimulatorClock } from "@onepool/simulators/simulator-clock.ts";

import { type Market, type SimulatedMarkets, startMarkets } from "../harness/simulated-markets.ts";
import type { DemoPace } from "./demo-pace.ts";
import { CHANNELS, type DemoPlan, type PlannedSku } from "./demo-plan.ts";

export interface DemoListing {
  readonly channel: Market;
  readonly listing: string;
  readonly sku: string;
}

export interface DemoWorld extends SimulatedMarkets {
  readonly listings: readonly DemoListing[];
  /** The listing that sells a SKU on a channel. */
  listingOf(channel: Market, sku: string): string;
  /** The order file's time, in milliseconds since 1970. It stands still until the day begins. */
  now(): number;
  /** From now on a second of the order file takes 1/factor second; at 0 its time stands still. */
  pace(factor: number): void;
  factor(): number;
}

/** One notification in ten comes twice. */
const FAULTS = { notifications: { duplicate: 0.1 } };

/** The longest SKU that Amazon takes. */
const LONGEST_SKU = 40;

export async function buildWorld(
  plan: DemoPlan,
  { seed, pace }: { readonly seed: number; readonly pace: DemoPace },
): Promise<DemoWorld> {
  const day = createSimulatorClock({ startAt: plan.startsAt, factor: 0 });
  const listings = plan.skus.flatMap(({ sku }, index): DemoListing[] => [
    { channel: "amazon", listing: sku.length <= LONGEST_SKU ? sku : `LONG-${index + 1}`, sku },
    { channel: "meli", listing: `MLM${1_000_000_000 + index + 1}`, sku },
  ]);
  const listingOf = (channel: Market, sku: string): string => found(listings, channel, sku);
  const markets = await startMarkets({
    seed,
    startAt: Date.now(),
    amazon: {
      settings: pace.simulated.amazon,
      faults: FAULTS,
      listings: plan.skus.map((sku) => ({ listing: listingOf("amazon", sku.sku), ...shown(sku) })),
    },
    meli: {
      settings: pace.simulated.meli,
      faults: FAULTS,
      listings: plan.skus.map((sku) => ({
        listing: listingOf("meli", sku.sku),
        sellerSku: sku.sku,
        ...shown(sku),
      })),
    },
    groups: plan.skus.map(({ sku, openingUnits }) => ({
      id: sku,
      units: openingUnits,
      listings: CHANNELS.map((account) => ({ account, listing: listingOf(account, sku), unitsPerSale: 1 })),
    })),
  });
  return {
    ...markets,
    listings,
    listingOf,
    now: () => day.now(),
    pace: (factor) => day.setFactor(factor),
    factor: () => day.factor(),
    async close() {
      day.close();
      await markets.close();
    },
  };
}

/** The most that a MercadoLibre listing can show; Amazon's opens no higher, so that both begin alike. */
const MOST_SHOWN = 99_999;

/** Every listing opens with all of it: both channels sell the same units. */
function shown({ title, openingUnits }: PlannedSku) {
  return { title: title.slice(0, 200), availableQuantity: Math.min(MOST_SHOWN, openingUnits) };
}

function found(listings: readonly DemoListing[], channel: Market, sku: string): string {
  const listing = listings.find((candidate) => candidate.channel === channel && candidate.sku === sku);
  if (listing === undefined) throw new Error(`the demo lists no ${sku} on ${channel}`);
  return listing.listing;
}
