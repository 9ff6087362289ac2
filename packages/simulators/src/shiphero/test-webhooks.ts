import { startCallback, startTestShipHero, type TestShipHero, SKU } from "./test-shiphero.ts";

export const main = { facility: "main", item: SKU };

interface Webhook {
  id: string;
  enabled: boolean;
  health: string;
  shared_signature_secret: string | null;
}

/** Registers a webhook. */
export async function create({ ask }: TestShipHero, name: string, url: string): Promise<Webhook> {
  const answer = await ask<{ webhook_create: { webhook: Webhook } }>(
    `mutation ($data: CreateWebhookInput!) { webhook_create(data: $data) { webhook { id enabled health shared_signature_secret } } }`,
    { data: { name, url } },
  );
  return answer.webhook_create.webhook;
}

/** Every webhook, as the vendor lists them. */
export async function listed({ ask }: TestShipHero): Promise<Webhook[]> {
  const answer = await ask<{ webhooks: { data: { edges: { node: Webhook }[] } } }>(
    "{ webhooks { data(first: 20) { edges { node { id name enabled health shared_signature_secret } } } } }",
  );
  return answer.webhooks.data.edges.map(({ node }) => node);
}

/** A vendor with one webhook at a callback of ours. */
export async function wired(name = "Inventory Change", options = {}) {
  const callback = await startCallback();
  const vendor = await startTestShipHero(options);
  const webhook = await create(vendor, name, callback.url);
  return { callback, vendor, webhook };
}

/** Units turn up in the building, and are written down. */
export const find = (vendor: TestShipHero, units = 1): Promise<void> =>
  vendor.act("find", { ...main, units, noticed: true });
