// Lets the plan's buyers come at their times: each tries to buy, and some cancel later.
import { setTimeout as wait } from "node:timers/promises";

import type { Attempt, DemoPlan } from "./demo-plan.ts";
import type { DemoWorld } from "./demo-world.ts";

/** Buyers whose request is on its way at once; more wait, so that a burst stays bounded. */
const MAX_IN_FLIGHT = 32;

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
  /** What the plan's times are shifted by into the world's, in milliseconds. */
  readonly shiftMs: number;
  /** Ends the day early: nobody new comes, and who is under way is waited for. */
  readonly signal: AbortSignal;
  onProgress(progress: Progress): void;
}

/** Plays everything and resolves when the last answer is in. */
export async function playAttempts(world: DemoWorld, plan: DemoPlan, playing: Playing): Promise<void> {
  const { shiftMs, signal } = playing;
  const happenings = plan.attempts
    .flatMap((attempt) => happeningsOf(world, attempt, shiftMs))
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

function happeningsOf(world: DemoWorld, attempt: Attempt, shiftMs: number): Happening[] {
  const bought = Promise.withResolvers<string | null>();
  const buying: Happening = {
    at: attempt.at + shiftMs,
    run: async () => bought.resolve(await buy(world, attempt)),
  };
  if (attempt.cancelledAt === null) return [buying];
  const cancelling: Happening = {
    at: attempt.cancelledAt + shiftMs,
    run: async () => {
      const orderId = await bought.promise;
      if (orderId !== null) await cancel(world, orderId);
    },
  };
  return [buying, cancelling];
}

/** The order's id when the marketplace accepted it, null when it refused. */
async function buy(world: DemoWorld, { channel, sku, quantity }: Attempt): Promise<string | null> {
  const answer = await post(world, "orders", {
    account: channel,
    listing: world.listingOf(channel, sku),
    quantity,
  });
  if (answer.status === 409) return null;
  if (answer.status !== 201) throw new Error(`the simulator answered ${answer.status}: ${answer.text}`);
  return String((JSON.parse(answer.text) as { orderId: number }).orderId);
}

async function cancel(world: DemoWorld, orderId: string): Promise<void> {
  const answer = await post(world, `orders/${orderId}/cancel`, { requestedBy: "buyer" });
  if (answer.status !== 200)
    throw new Error(`the simulator answered ${answer.status} to a cancellation: ${answer.text}`);
}

async function post(
  world: DemoWorld,
  call: string,
  body: unknown,
): Promise<{ status: number; text: string }> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${world.simulator.url}/_sim/${call}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  return { status: answer.status, text: await answer.text() };
}

async function untilSimulated(world: DemoWorld, at: number, signal: AbortSignal): Promise<void> {
  for (let left = at - world.now(); left > 0 && !signal.aborted; left = at - world.now()) {
    await wait(Math.max(1, Math.min(200, left / Math.max(world.simulator.clock.factor(), Number.EPSILON))));
  }
}
