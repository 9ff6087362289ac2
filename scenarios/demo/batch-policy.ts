// The batch policies: Onepool knows every sale at once but is only let push at fixed times, as a tool would that
// synchronises by the clock. The day stands still meanwhile: a batch takes no time at all, which is kinder than life.
import { setTimeout as wait } from "node:timers/promises";

import type { OnepoolClient } from "../harness/onepool-client.ts";
import type { Policy } from "./demo-options.ts";
import { CHANNELS } from "./demo-plan.ts";
import type { DemoWorld } from "./demo-world.ts";
import { untilQuiet } from "./quiet.ts";
import { setMode } from "./seed-onepool.ts";

/** The longest a batch may push, in real milliseconds, and what each listing adds to it. What is left waits for the next batch. */
const BATCH_MS = 500;
const BATCH_MS_PER_LISTING = 4;

const PERIOD_MS: Record<Exclude<Policy, "real-time">, number> = {
  "every-15-minutes": 900_000,
  nightly: 86_400_000,
};

/** Pushes at each boundary of the policy's period (in the order file's own time) until stopped. */
export function startBatches(
  client: OnepoolClient,
  world: DemoWorld,
  policy: Exclude<Policy, "real-time">,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const periodMs = PERIOD_MS[policy];
  const running = (async () => {
    let next = nextBoundary(world.now(), periodMs);
    while (!stopping.signal.aborted) {
      if (world.now() < next) {
        await wait(20);
        continue;
      }
      next = nextBoundary(world.now(), periodMs);
      await pushAll(client, world, BATCH_MS + BATCH_MS_PER_LISTING * world.listings.length);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** Lets everything out that waits, then closes again; answers what is still not quiet after `patienceMs`. */
export async function pushAll(
  client: OnepoolClient,
  world: DemoWorld,
  patienceMs: number,
): Promise<readonly string[]> {
  const factor = world.factor();
  world.pace(0);
  for (const channel of CHANNELS) await setMode(client, channel, "live");
  const why = await untilQuiet(client, world, patienceMs);
  for (const channel of CHANNELS) await setMode(client, channel, "shadow");
  world.pace(factor);
  return why;
}

function nextBoundary(at: number, periodMs: number): number {
  return (Math.floor(at / periodMs) + 1) * periodMs;
}
