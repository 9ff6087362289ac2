// What a seller does on the first day, through the API: connect the accounts, describe the SKUs, count the stock, map the listings.
import type { OnepoolClient } from "../harness/onepool-client.ts";
import { amazonConnection, type Market, meliConnection } from "../harness/simulated-markets.ts";
import type { Policy } from "./demo-options.ts";
import type { DemoPace } from "./demo-pace.ts";
import { CHANNELS, type DemoPlan } from "./demo-plan.ts";
import type { DemoWorld } from "./demo-world.ts";

export async function seedOnepool(
  client: OnepoolClient,
  world: DemoWorld,
  plan: DemoPlan,
  { policy, pace }: { readonly policy: Policy; readonly pace: DemoPace },
): Promise<void> {
  for (const { sku, title } of plan.skus) await client.put(`/v1/skus/${encodeURIComponent(sku)}`, { title });
  await receiveOpeningStock(client, plan);
  for (const channel of CHANNELS) await connect(client, world, channel, pace);
  for (const { channel, listing, sku } of world.listings) {
    await client.put(`/v1/listings/${channel}/${encodeURIComponent(listing)}`, {
      components: [{ sku, units: 1 }],
    });
  }
  if (policy === "real-time") for (const channel of CHANNELS) await setMode(client, channel, "live");
}

/** `shadow`: computes and records what it would push; `live`: pushes. */
export async function setMode(
  client: OnepoolClient,
  channel: string,
  mode: "shadow" | "live",
): Promise<void> {
  await client.put(`/v1/connections/${channel}`, { mode });
}

async function connect(
  client: OnepoolClient,
  world: DemoWorld,
  channel: Market,
  pace: DemoPace,
): Promise<void> {
  const options = pace.options[channel];
  const account =
    channel === "amazon"
      ? amazonConnection(world.amazon, { news: "queue", options })
      : meliConnection(world.meli, options);
  const since = new Date(world.amazon.clock.now() - 1_000).toISOString();
  await client.put(`/v1/connections/${channel}`, { ...account, mode: "shadow", since });
  if (channel === "amazon") return; // it tells its queue
  const { hookUrl } = await client.get(`/v1/connections/${channel}`);
  await world.control(channel, "PUT", "accounts", { callbackUrl: String(hookUrl) });
}

async function receiveOpeningStock(client: OnepoolClient, plan: DemoPlan): Promise<void> {
  const movements = plan.skus.map(({ sku, openingUnits }) => ({
    kind: "receipt",
    sku,
    location: "main",
    units: openingUnits,
    externalId: `opening/${sku}`,
    reason: "opening stock",
  }));
  for (let start = 0; start < movements.length; start += 1000) {
    const answer = await client.post("/v1/movements", { movements: movements.slice(start, start + 1000) });
    const refused = (answer["results"] as { ok: boolean }[]).find(({ ok }) => !ok);
    if (refused !== undefined) throw new Error(`opening stock was refused: ${JSON.stringify(refused)}`);
  }
}
