import type { FastifyInstance } from "fastify";
import { z } from "zod";

import {
  type ControlAnswer,
  invalidRequest,
  ok,
  sendControl,
  unknown,
} from "../../control/control-answer.ts";
import type { QueueService } from "../../sqs/queue-service.ts";
import { appOf, type World } from "../world.ts";

const notifySchema = z.strictObject({
  account: z.string().optional(),
  /** In place of the app's callback. */
  url: z.url().optional(),
  /** Into this queue, by name, in place of any callback. */
  queue: z.string().optional(),
  body: z.unknown(),
  contentType: z.string().default("application/json"),
});

/** What a client of the queues needs: where they are, and the keys of the account that owns them. */
export function describeQueues(queues: QueueService, origin: string) {
  const { region, accountId, accessKeys } = queues;
  const [key] = accessKeys;
  return {
    endpoint: origin,
    region,
    accountId,
    accessKeyId: key?.accessKeyId ?? "",
    secretAccessKey: key?.secretAccessKey ?? "",
    queues: queues.all().map(({ name, arn }) => ({
      name,
      arn,
      queueUrl: `${origin}/${accountId}/${name}`,
    })),
  };
}

function putIntoQueue(world: World, name: string, body: string): ControlAnswer {
  const queue = world.queues.byName(name);
  if (queue === undefined) return unknown("queue", name);
  return ok({ messageId: queue.send({ body, attributes: {}, systemAttributes: {}, delaySeconds: null }) });
}

async function post(
  world: World,
  request: z.output<typeof notifySchema>,
  body: string,
): Promise<ControlAnswer> {
  const [first] = world.sellers.keys();
  const account = request.account ?? first ?? "";
  const seller = world.sellers.get(account);
  if (seller === undefined) return unknown("account", account);
  const url = request.url ?? appOf(world, seller).callbackUrl;
  if (url === null) return invalidRequest("url: the app has no callbackUrl");
  const { status, wallMs, error } = await world.news.tap.postRaw(url, body, request.contentType);
  return ok({ status, wallMs, ...(error === undefined ? {} : { error }) });
}

async function notify(world: World, input: unknown): Promise<ControlAnswer> {
  const parsed = notifySchema.safeParse(input);
  if (!parsed.success) return invalidRequest(parsed.error.issues[0]?.message ?? "body is wrong");
  const { queue, body } = parsed.data;
  const text = typeof body === "string" ? body : JSON.stringify(body ?? null);
  return queue === undefined ? post(world, parsed.data, text) : putIntoQueue(world, queue, text);
}

/** `/_sim/notifications`, `/_sim/notify` and `/_sim/queues`. */
export function registerNotificationControl(
  server: FastifyInstance,
  world: World,
  origin: () => string,
): void {
  server.get("/notifications", (_, reply) => sendControl(reply, ok(world.news.report())));
  server.get("/queues", (_, reply) => sendControl(reply, ok(describeQueues(world.queues, origin()))));
  server.post("/notify", async (request, reply) => sendControl(reply, await notify(world, request.body)));
}
