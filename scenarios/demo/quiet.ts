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

/** True when no notification is on its way and the marketplace shows, for every listing, what Onepool wants it to. */
async function isQuiet(client: OnepoolClient, world: DemoWorld): Promise<boolean> {
  const { pending, inFlight } = (await (await fetch(`${world.simulator.url}/_sim/notifications`)).json()) as {
    pending: number;
    inFlight: number;
  };
  if (pending + inFlight > 0) return false;
  const shown = new Map(
    world.simulator
      .truth()
      .listings.map(({ account, listing, shows }) => [`${account}/${listing}`, shows] as const),
  );
  const skus = await allSkus(client);
  return skus.every(({ listings }) =>
    listings.every(
      ({ connection, externalId, desired, observed }) =>
        desired === observed && shown.get(`${connection}/${externalId}`) === desired,
    ),
  );
}

/** Waits until it is quiet, looking a few times a second; false when it is not after `patienceMs`. */
export async function untilQuiet(
  client: OnepoolClient,
  world: DemoWorld,
  patienceMs: number,
): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  while (!(await isQuiet(client, world))) {
    if (performance.now() > deadline) return false;
    await wait(200);
  }
  return true;
}
