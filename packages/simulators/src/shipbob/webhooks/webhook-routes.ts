import type { FastifyInstance } from "fastify";
import { z } from "zod";

import { readQuery, wholeNumber } from "../vendor/query.ts";
import { sendAnswer } from "../vendor/send-answer.ts";
import { answer, badRequest, type VendorAnswer, wrongBody } from "../vendor/vendor-answer.ts";
import { VERSION } from "../vendor/vendor-api.ts";
import { vendorTime } from "../vendor/vendor-time.ts";
import type { World } from "../world.ts";
import { keyOf } from "./signature.ts";
import { type Subscription, webhookTopics } from "./subscriptions.ts";

const subscriptionSchema = z.looseObject({
  url: z.url(),
  topics: z.array(z.enum(webhookTopics)).min(1),
  secret: z
    .string()
    .refine((secret) => keyOf(secret) !== undefined, "must be whsec_ and base64.")
    .nullish(),
  description: z.string().nullish(),
});

function subscriptionBody({ id, url, topics, description, createdAt }: Subscription) {
  return { id, url, topics, description, created_at: vendorTime(createdAt) };
}

function subscribe(world: World, body: unknown): VendorAnswer {
  const parsed = subscriptionSchema.safeParse(body ?? {});
  if (!parsed.success) return wrongBody(parsed.error, 422);
  const { url, topics, secret, description } = parsed.data;
  const made = world.webhooks.subscriptions.add({
    url,
    topics,
    secret: secret ?? null,
    description: description ?? null,
  });
  // The secret is told here and never again.
  return answer({ ...subscriptionBody(made), secret: made.secret });
}

function list(world: World, raw: unknown): VendorAnswer {
  const read = readQuery(raw, ["RecordsPerPage", "Cursor"]);
  if ("wrong" in read) return read.wrong;
  const { query } = read;
  const size = wholeNumber(query.RecordsPerPage, { min: 1, max: 250, fallback: 50 });
  const page = wholeNumber(query.Cursor, { min: 1, max: 1_000_000, fallback: 1 });
  if (size === undefined || page === undefined) return badRequest("RecordsPerPage", "is wrong.");
  const all = world.webhooks.subscriptions.all();
  const link = (to: number): string => `${VERSION}/webhook?RecordsPerPage=${size}&Cursor=${to}`;
  return answer({
    items: all
      .slice((page - 1) * size, page * size)
      .map((subscription) => ({ ...subscriptionBody(subscription), enabled: subscription.enabled })),
    next: page * size < all.length ? link(page + 1) : null,
    prev: page > 1 ? link(page - 1) : null,
  });
}

/** `webhook…`. */
export function registerWebhookRoutes(server: FastifyInstance, world: World): void {
  server.post("/webhook", (request, reply) => sendAnswer(reply, subscribe(world, request.body)));
  server.get("/webhook", (request, reply) => sendAnswer(reply, list(world, request.query)));
  server.delete<{ Params: { id: string } }>("/webhook/:id", (request, reply) => {
    // Documented without a 404: removing what is not there is done already.
    world.webhooks.subscriptions.remove(request.params.id);
    return sendAnswer(reply, { status: 204 });
  });
}
