import { createHash, randomBytes } from "node:crypto";

import { z } from "zod";

import { type Outcome, succeeded } from "../contract/outcome.ts";
import type { ShipBobClient } from "./client.ts";
import { queryOf } from "./inventory-directory.ts";
import { madeWebhookSchema, webhooksSchema, type WireWebhook } from "./wire.ts";

/** Those of 2026-01 that move or promise units; the ones about receiving orders (`wro.*`) come with 2026-07. */
export const TOPICS: readonly string[] = [
  "order.shipped",
  "order.shipment.exception",
  "order.shipment.on_hold",
  "order.shipment.cancelled",
  "return.created",
  "return.updated",
  "return.completed",
];

/** Old secrets sign what is still being tried again: ShipBob gives up after about a day. */
const SECRETS_KEPT = 3;

/**
 * One enabled webhook at our address, whose secret we know. A secret is told once, so its fingerprint stands in the description:
 * that tells a webhook whose secret was lost, which is made anew. The new one is there before the old one goes.
 */
export async function keepSubscription(
  client: ShipBobClient,
  { url, known }: { readonly url: string; readonly known: readonly string[] },
): Promise<Outcome<{ readonly secrets: readonly string[] }>> {
  const listed = await listAt(client, url);
  if (!listed.ok) return listed;
  const good = listed.value.find((webhook) => isGood(webhook, known));
  const made = good === undefined ? await makeAt(client, url) : null;
  if (made !== null && !made.ok) return made;
  for (const webhook of listed.value) {
    if (webhook.id === good?.id) continue;
    const path = `/webhook/${encodeURIComponent(webhook.id)}`;
    // One that stays tells the same twice, and is removed the next time: the new secret must not be lost over it.
    await client.call(z.unknown(), { method: "DELETE", path });
  }
  const secrets = made === null ? known : [made.value, ...known].slice(0, SECRETS_KEPT);
  return succeeded({ secrets });
}

function isGood({ enabled, topics, description }: WireWebhook, known: readonly string[]): boolean {
  const isWhole = TOPICS.every((topic) => topics.includes(topic));
  return enabled !== false && isWhole && known.some((secret) => description === descriptionOf(secret));
}

function descriptionOf(secret: string): string {
  return `onepool ${createHash("sha256").update(secret).digest("hex").slice(0, 16)}`;
}

async function listAt(client: ShipBobClient, url: string): Promise<Outcome<WireWebhook[]>> {
  const found: WireWebhook[] = [];
  let query = new URLSearchParams();
  // Bounded, should a list never end.
  for (let pages = 0; pages < 20; pages++) {
    const page = await client.call(webhooksSchema, { method: "GET", path: "/webhook", query });
    if (!page.ok) return page;
    found.push(...page.value.items.filter((webhook) => webhook.url === url));
    const next = queryOf(page.value.next);
    if (next === null) break;
    query = new URLSearchParams(next);
  }
  return succeeded(found);
}

async function makeAt(client: ShipBobClient, url: string): Promise<Outcome<string>> {
  const secret = `whsec_${randomBytes(24).toString("base64")}`;
  const json = { url, topics: TOPICS, secret, description: descriptionOf(secret) };
  const made = await client.call(madeWebhookSchema, { method: "POST", path: "/webhook", json });
  return made.ok ? succeeded(made.value.secret) : made;
}
