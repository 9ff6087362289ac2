import { setTimeout as wait } from "node:timers/promises";

import type { OnepoolClient } from "../harness/onepool-client.ts";
import type { DemoWorld } from "./demo-world.ts";

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

/**
 * What keeps it from being quiet, each in a sentence: SKUs of which Onepool does not know every sale yet, and listings that do not
 * show what it wants them to. A notification that is still on its way says nothing new then.
 */
async function unquiet(client: OnepoolClient, world: DemoWorld): Promise<string[]> {
  const left = availableByBooks(world);
  const shown = new Map(
    [...world.amazon.truth().listings, ...world.meli.truth().listings].map(
      ({ account, listing, shows }) => [`${account}/${listing}`, shows] as const,
    ),
  );
  const skus = await allSkus(client);
  return skus.flatMap(({ sku, available, listings }) => {
    const books = left.get(sku);
    const unknown =
      books === available ? [] : [`${sku}: ${available} available, ${String(books)} by the books`];
    const wrong = listings.flatMap(({ connection, externalId, desired, observed, state }) => {
      const shows = shown.get(`${connection}/${externalId}`);
      if (desired === observed && shows === desired) return [];
      return [
        `${sku} at ${connection}: desired ${desired}, observed ${String(observed)}, shows ${String(shows)}, ${state}`,
      ];
    });
    return [...unknown, ...wrong];
  });
}

/** What is left of each SKU by the marketplaces' own books: what there was, less what they accepted and did not cancel. */
export function availableByBooks({ truth }: DemoWorld): Map<string, number> {
  return new Map(
    truth.report().groups.map(({ id, units, netAcceptedUnits }) => [id, units - netAcceptedUnits] as const),
  );
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
