// Lets the plan's buyers come at their times: each tries to buy, and some cancel later.
import { setTimeout as wait } from "node:timers/promises";

import { z } from "zod";

import type { Market } from "../harness/simulated-markets.ts";
import type { Attempt, DemoPlan } from "./demo-plan.ts";
import type { DemoWorld } from "./demo-world.ts";

/** Buyers whose request is on its way at once; more wait, so that a burst stays bounded. */
const MAX_IN_FLIGHT = 32;

/** Amazon and MercadoLibre spell the state differently. */
const cancelledSchema = z.object({ status: z.string().regex(/^cancelled$/i) });

/** The day may stand still meanwhile, so it is looked at this often, in milliseconds. */
const LOOK_MS = 20;

interface Happening {
  readonly at: number;
  run(): Promise<void>;
}

export interface Progress {
  readonly done: number;
  readonly of: number;
  readonly at: number;
}

export interface Playing {
  /** Ends the day early: nobody new comes, and who is under way is waited for. */
  readonly signal: AbortSignal;
  onProgress(progress: Progress): void;
}

/** Plays everything and resolves when the last answer is in. */
export async function playAttempts(world: DemoWorld, plan: DemoPlan, playing: Playing): Promise<void> {
  const { signal } = playing;
  const happenings = plan.attempts
    .flatMap((attempt) => happeningsOf(world, attempt))
    .toSorted((left, right) => left.at - right.at);
  const inFlight = new Set<Promise<void>>();
  for (const [index, happening] of happenings.entries()) {
    await untilSimulated(world, happening.at, signal);
    if (signal.aborted) break;
    while (inFlight.size >= MAX_IN_FLIGHT) await Promise.race(inFlight);
    const running: Promise<void> = happening.run().finally(() => inFlight.delete(running));
    inFlight.add(running);
    playing.onProgress({ done: index + 1, of: happenings.length, at: happening.at });
  }
  await Promise.all(inFlight);
}

function happeningsOf(world: DemoWorld, attempt: Attempt): Happening[] {
  const { channel, sku, quantity } = attempt;
  const bought = Promise.withResolvers<string | null>();
  const buying: Happening = {
    at: attempt.at,
    run: async () => bought.resolve(await world.buy(channel, world.listingOf(channel, sku), quantity)),
  };
  if (attempt.cancelledAt === null) return [buying];
  const cancelling: Happening = {
    at: attempt.cancelledAt,
    run: async () => {
      const orderId = await bought.promise;
      if (orderId !== null) await cancel(world, channel, orderId);
    },
  };
  return [buying, cancelling];
}

async function cancel(world: DemoWorld, channel: Market, orderId: string): Promise<void> {
  const answer = await world.control(channel, "POST", `orders/${orderId}/cancel`, { requestedBy: "buyer" });
  cancelledSchema.parse(answer);
}

async function untilSimulated(world: DemoWorld, at: number, signal: AbortSignal): Promise<void> {
  for (let left = at - world.now(); left > 0 && !signal.aborted; left = at - world.now()) {
    await wait(Math.max(1, Math.min(LOOK_MS, left / Math.max(world.factor(), Number.EPSILON))));
  }
}
