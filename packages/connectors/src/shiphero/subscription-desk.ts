import { z } from "zod";

import { type Outcome, succeeded } from "../contract/outcome.ts";
import type { ShipHeroClient } from "./client.ts";
import { CREATE_WEBHOOK, DELETE_WEBHOOK, ENABLE_WEBHOOK, WEBHOOKS } from "./queries.ts";
import { keptSecret, webhookIdIn } from "./signature.ts";
import { madeWebhookSchema, webhooksSchema, type WireWebhook } from "./wire.ts";

/** Those that `readDelivery` makes something of. */
export const WEBHOOK_TYPES: readonly string[] = [
  "Inventory Change",
  "Inventory Update",
  "Shipment Update",
  "Order Canceled",
  "Return Update",
  "PO Update",
];

export interface Wanted {
  readonly url: string;
  /** As kept: behind the id of their webhook. */
  readonly known: readonly string[];
  readonly shopName: string;
}

/**
 * One webhook of each type at our address, enabled, whose secret we know. There is one of a type per shop: those under our shop's name
 * are ours, other shops' are left alone. A secret is told once, so one that was lost costs the webhook.
 */
export async function keepSubscription(
  client: ShipHeroClient,
  wanted: Wanted,
): Promise<Outcome<{ readonly secrets: readonly string[] }>> {
  const listed = await client.call(webhooksSchema, { query: WEBHOOKS, budget: "writes" });
  if (!listed.ok) return listed;
  const ours = listed.value.webhooks.data.edges
    .map(({ node }) => node)
    .filter(({ shop_name: shop }) => shop === wanted.shopName);
  const made: string[] = [];
  for (const name of WEBHOOK_TYPES) {
    const kept = await keep(client, wanted, { name, standing: ours.find((one) => one.name === name) });
    // What was made before is kept, whatever failed after it: its secret is not told again. The rest is made the next time.
    if (!kept.ok) return made.length === 0 ? kept : succeeded({ secrets: [...made, ...wanted.known] });
    if (kept.value !== null) made.push(kept.value);
  }
  if (made.length === 0) return succeeded({ secrets: wanted.known });
  return succeeded({ secrets: [...made, ...stillOfUse(wanted.known)] });
}

/** Retries end within hours, but which secrets are old is not told: a few rounds of them are kept. */
function stillOfUse(known: readonly string[]): readonly string[] {
  return known.slice(0, WEBHOOK_TYPES.length * 2);
}

/** The secret of a webhook that was made; null where one stood. */
async function keep(
  client: ShipHeroClient,
  { url, known, shopName }: Wanted,
  { name, standing }: { readonly name: string; readonly standing: WireWebhook | undefined },
): Promise<Outcome<string | null>> {
  if (standing !== undefined) {
    const isKnown = known.some((kept) => webhookIdIn(kept) === standing.id);
    if (standing.url === url && isKnown) return enabled(client, standing);
    const data = { name, shop_name: shopName };
    const operation = { query: DELETE_WEBHOOK, variables: { data }, budget: "writes" } as const;
    const removed = await client.call(z.looseObject({ webhook_delete: z.looseObject({}) }), operation);
    if (!removed.ok && removed.error.kind !== "not_found") return removed;
  }
  const data = { name, url, shop_name: shopName };
  const operation = { query: CREATE_WEBHOOK, variables: { data }, budget: "writes" } as const;
  const made = await client.call(madeWebhookSchema, operation);
  if (!made.ok) return made;
  const { id, shared_signature_secret: secret } = made.value.webhook_create.webhook;
  return succeeded(keptSecret(id, secret));
}

/** ShipHero disables what failed too often (documented since 2026-04); enabled again it is healthy. */
async function enabled(client: ShipHeroClient, { id, enabled: isOn }: WireWebhook): Promise<Outcome<null>> {
  if (isOn !== false) return succeeded(null);
  const variables = { data: { webhook_id: id } };
  const schema = z.looseObject({ webhook_enable: z.looseObject({}) });
  const done = await client.call(schema, { query: ENABLE_WEBHOOK, variables, budget: "writes" });
  return done.ok ? succeeded(null) : done;
}
