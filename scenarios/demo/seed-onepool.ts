import type { OnepoolClient } from "../harness/onepool-client.ts";
import type { Policy } from "./demo-options.ts";
// What a seller does on the first day, through the API: connect the accounts, describe the SKUs, count the stock, map the listings.
import { CHANNELS, type DemoPlan } from "./demo-plan.ts";
import type { DemoWorld } from "./demo-world.ts";

export async function seedOnepool(
  client: OnepoolClient,
  world: DemoWorld,
  plan: DemoPlan,
  policy: Policy,
): Promise<void> {
  for (const { sku, title } of plan.skus) await client.put(`/v1/skus/${encodeURIComponent(sku)}`, { title });
  await receiveOpeningStock(client, plan, world.now());
  for (const channel of CHANNELS) await connect(client, world, channel);
  for (const { channel, listing, sku } of world.listings) {
    await client.put(`/v1/listings/${channel}/${listing}`, { components: [{ sku, units: 1 }] });
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

async function connect(client: OnepoolClient, world: DemoWorld, channel: string): Promise<void> {
  const account = world.simulator.accounts.find((candidate) => candidate.account === channel);
  if (account === undefined) throw new Error(`the simulator has no account ${channel}`);
  const { clientId, clientSecret, refreshToken, userId } = account;
  await client.put(`/v1/connections/${channel}`, {
    kind: "mercadolibre",
    baseUrl: world.simulator.url,
    tokenUrl: world.simulator.tokenUrl,
    accountId: String(userId),
    credentials: { clientId, clientSecret, refreshToken },
    mode: "shadow",
    since: new Date(world.now()).toISOString(),
  });
  const { hookUrl } = await client.get(`/v1/connections/${channel}`);
  await world.notify(channel, String(hookUrl));
}

async function receiveOpeningStock(client: OnepoolClient, plan: DemoPlan, at: number): Promise<void> {
  const occurredAt = new Date(at).toISOString();
  const movements = plan.skus.map(({ sku, openingUnits }) => ({
    kind: "receipt",
    sku,
    location: "main",
    units: openingUnits,
    externalId: `opening/${sku}`,
    occurredAt,
    reason: "opening stock",
  }));
  for (let start = 0; start < movements.length; start += 1000) {
    const answer = await client.post("/v1/movements", { movements: movements.slice(start, start + 1000) });
    const refused = (answer["results"] as { ok: boolean }[]).find(({ ok }) => !ok);
    if (refused !== undefined) throw new Error(`opening stock was refused: ${JSON.stringify(refused)}`);
  }
}
