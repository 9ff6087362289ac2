// The simulated marketplace of the demo: two accounts, each with its own app, that list every SKU of the plan.
import { startMercadoLibre, type MercadoLibreSimulator } from "@onepool/simulators/mercadolibre/start.ts";
import { createSimulatorClock } from "@onepool/simulators/simulator-clock.ts";

import { CHANNELS, type DemoPlan } from "./demo-plan.ts";

export interface DemoListing {
  readonly channel: string;
  readonly listing: string;
  readonly sku: string;
}

export interface DemoWorld {
  readonly simulator: MercadoLibreSimulator;
  readonly listings: readonly DemoListing[];
  /** The listing that sells a SKU on a channel. */
  listingOf(channel: string, sku: string): string;
  /** Tells an account's app where its notifications go. */
  notify(channel: string, callbackUrl: string): Promise<void>;
  /** Simulated milliseconds since 1970. */
  now(): number;
  close(): Promise<void>;
}

/** One notification in ten comes twice. */
const FAULTS = { notifications: { duplicate: 0.1 } };

/** Builds the world with its clock standing still at `startsAt`. */
export async function buildWorld(
  plan: DemoPlan,
  options: { seed: number; startsAt: number },
): Promise<DemoWorld> {
  const clock = createSimulatorClock({ startAt: options.startsAt, factor: 0 });
  const listings = CHANNELS.flatMap((channel, account) =>
    plan.skus.map(({ sku }, index): DemoListing => ({ channel, listing: listingId(account, index), sku })),
  );
  const simulator = await startMercadoLibre({
    seed: options.seed,
    clock,
    faults: FAULTS,
    apps: CHANNELS.map((app) => ({ app })),
    accounts: CHANNELS.map((channel) => ({
      account: channel,
      app: channel,
      siteId: "MLM" as const,
      listings: plan.skus.map(({ sku, title, openingUnits }) => ({
        listing: found(listings, channel, sku),
        title,
        sellerSku: sku,
        availableQuantity: openingUnits,
      })),
    })),
  });
  const groups = plan.skus.map(({ sku, openingUnits }) => ({
    id: sku,
    units: openingUnits,
    listings: CHANNELS.map((channel) => ({ account: channel, listing: found(listings, channel, sku) })),
  }));
  await putControl(simulator.url, "physical", { groups });
  return {
    simulator,
    listings,
    listingOf: (channel, sku) => found(listings, channel, sku),
    notify: (channel, callbackUrl) =>
      putControl(simulator.url, "accounts", { apps: [{ app: channel, callbackUrl }] }),
    now: () => clock.now(),
    close: async () => {
      await simulator.close();
      clock.close();
    },
  };
}

function listingId(account: number, index: number): string {
  return `MLM${(account + 1) * 1_000_000_000 + index + 1}`;
}

function found(listings: readonly DemoListing[], channel: string, sku: string): string {
  const listing = listings.find((candidate) => candidate.channel === channel && candidate.sku === sku);
  if (listing === undefined) throw new Error(`the demo lists no ${sku} on ${channel}`);
  return listing.listing;
}

async function putControl(url: string, call: string, body: unknown): Promise<void> {
  const answer = await fetch(`${url}/_sim/${call}`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`the simulator refused ${call}: ${await answer.text()}`);
}
