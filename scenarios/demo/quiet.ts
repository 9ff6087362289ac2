import { setTimeout as wait } from "node:timers/promises";

import { z } from "zod";

import type { OnepoolClient } from "../harness/onepool-client.ts";
import type { Market } from "../harness/simulated-markets.ts";
import { CHANNELS } from "./demo-plan.ts";
import type { DemoWorld } from "./demo-world.ts";

/** Amazon's are in its queues until they are taken out. */
const noticesSchema = z.object({
  pending: z.number(),
  inFlight: z.number(),
  queues: z.array(z.object({ visible: z.number(), inFlight: z.number() })).default([]),
});

interface ListedSku {
  readonly sku: string;
  readonly available: number;
  readonly listings: readonly {
    connection: string;
    externalId: string;
    desired: number;
    observed: number | null;
    state: string;
  }[];
}

/** Every SKU with its numbers and listings, through the API's pages. */
export async function allSkus(client: OnepoolClient): Promise<ListedSku[]> {
  const skus: ListedSku[] = [];
  let cursor = "";
  do {
    const page = await client.get(
      `/v1/skus?limit=200${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    skus.push(...(page["skus"] as ListedSku[]));
    cursor = (page["nextCursor"] as string | null) ?? "";
  } while (cursor !== "");
  return skus;
}

/** What keeps it from being quiet, each in a sentence: news on its way, and listings that do not show what Onepool wants them to. */
async function unquiet(client: OnepoolClient, world: DemoWorld): Promise<string[]> {
  const waiting = await Promise.all(CHANNELS.map((channel) => newsUnderWay(world, channel)));
  const shown = new Map(
    [...world.amazon.truth().listings, ...world.meli.truth().listings].map(
      ({ account, listing, shows }) => [`${account}/${listing}`, shows] as const,
    ),
  );
  const skus = await allSkus(client);
  const wrong = skus.flatMap(({ sku, available, listings }) =>
    listings.flatMap(({ connection, externalId, desired, observed, state }) => {
      const shows = shown.get(`${connection}/${externalId}`);
      if (desired === observed && shows === desired) return [];
      return [
        `${sku} (${available} available) at ${connection}: desired ${desired}, observed ${String(observed)}, shows ${String(shows)}, ${state}`,
      ];
    }),
  );
  return [...waiting.flat(), ...wrong];
}

async function newsUnderWay(world: DemoWorld, channel: Market): Promise<string[]> {
  const { pending, inFlight, queues } = noticesSchema.parse(
    await world.control(channel, "GET", "notifications"),
  );
  const queued = queues.reduce((sum, queue) => sum + queue.visible + queue.inFlight, 0);
  const news = pending + inFlight + queued;
  return news === 0 ? [] : [`${news} notifications of ${channel} are on their way`];
}

/** How often it is looked, in milliseconds. */
const LOOK_MS = 100;

/** Waits until it is quiet; after `patienceMs` answers what still is not. */
export async function untilQuiet(
  client: OnepoolClient,
  world: DemoWorld,
  patienceMs: number,
): Promise<readonly string[]> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const why = await unquiet(client, world);
    if (why.length === 0 || performance.now() > deadline) return why;
    await wait(LOOK_MS);
  }
}
