import { expect } from "vitest";

import type { MercadoLibreOptions } from "./start.ts";
import {
  type Arrival,
  type Callback,
  startCallback,
  startMarketplace,
  type TestMarketplace,
} from "./test-marketplace.ts";

interface Wired {
  market: TestMarketplace;
  callback: Callback;
}

/** A marketplace whose notifications arrive at a callback. */
export async function wired(options: MercadoLibreOptions = {}): Promise<Wired> {
  const callback = await startCallback();
  const market = await startMarketplace({ callbackUrl: callback.url, ...options });
  return { market, callback };
}

interface Report {
  pending: number;
  inFlight: number;
  counts: Record<string, number>;
  recent: { attempts: number; state: string; status: number }[];
}

export const report = async (market: TestMarketplace): Promise<Report> =>
  (await market.sim<Report>("GET", "/notifications")).body;

/** Waits until so many deliveries have been tried and none is on the wire: what they led to has then happened. */
export async function settled(market: TestMarketplace, attempts: number): Promise<void> {
  await expect
    .poll(async () => {
      const { inFlight, counts } = await report(market);
      return [inFlight, counts.attempts];
    })
    .toEqual([0, attempts]);
}

export const resources = (arrivals: Arrival[]): string[] =>
  arrivals.map(({ topic, resource }) => `${topic} ${resource}`).toSorted();
