import type { FastifyInstance } from "fastify";
import { z } from "zod";

import { registerClockControl } from "../../control/clock-control.ts";
import {
  type ControlAnswer,
  invalidRequest,
  ok,
  sendControl,
  unknown,
  withBody,
} from "../../control/control-answer.ts";
import { faultsSchema } from "../faults.ts";
import { mergeSettings, settingsSchema } from "../settings.ts";
import { appOf, type World } from "../world.ts";

const notifySchema = z.strictObject({
  account: z.string().optional(),
  url: z.url().optional(),
  body: z.unknown(),
  contentType: z.string().default("application/json"),
});

const publishSchema = z.strictObject({
  account: z.string(),
  topic: z.string().min(1),
  resource: z.string(),
  actions: z.array(z.string()).default([]),
  times: z.number().int().min(1).max(10_000).default(1),
});

/** Tells anything as the marketplace would: late, retried, and faults included. */
function publish(world: World, { account, times, ...event }: z.infer<typeof publishSchema>): ControlAnswer {
  const seller = world.sellers.get(account);
  if (seller === undefined) return unknown("account", account);
  for (let time = 0; time < times; time += 1) {
    world.outbox.publish(appOf(world, seller), { seller, ...event });
  }
  return ok({ published: times });
}

async function notify(world: World, request: z.infer<typeof notifySchema>): Promise<ControlAnswer> {
  const [first] = world.sellers.keys();
  const account = request.account ?? first ?? "";
  const seller = world.sellers.get(account);
  if (seller === undefined) return unknown("account", account);
  const url = request.url ?? appOf(world, seller).callbackUrl;
  if (url === null) return invalidRequest("url: the app has no callbackUrl");
  const body = typeof request.body === "string" ? request.body : JSON.stringify(request.body ?? null);
  const { status, wallMs, error } = await world.outbox.postRaw(url, body, request.contentType);
  return ok({ status, wallMs, ...(error === undefined ? {} : { error }) });
}

/** `/_sim/faults`, `/_sim/settings`, `/_sim/clock` and the notification calls. */
export function registerSettingsControl(server: FastifyInstance, world: World): void {
  server.get("/faults", (_, reply) => sendControl(reply, ok(world.faults.current())));
  server.put("/faults", (request, reply) => {
    const answer = withBody(faultsSchema, request.body, (faults) => {
      world.faults.replace(faults);
      return ok(world.faults.current());
    });
    return sendControl(reply, answer);
  });

  server.get("/settings", (_, reply) => sendControl(reply, ok(world.settings)));
  server.put("/settings", (request, reply) => {
    const answer = withBody(settingsSchema, request.body, (change) => {
      world.settings = mergeSettings(world.settings, change);
      return ok(world.settings);
    });
    return sendControl(reply, answer);
  });

  registerClockControl(server, world.clock);

  server.get("/notifications", (_, reply) => sendControl(reply, ok(world.outbox.report())));
  server.post("/publish", (request, reply) =>
    sendControl(
      reply,
      withBody(publishSchema, request.body, (body) => publish(world, body)),
    ),
  );
  server.post("/notify", async (request, reply) => {
    const parsed = notifySchema.safeParse(request.body);
    if (parsed.success) return sendControl(reply, await notify(world, parsed.data));
    return sendControl(reply, invalidRequest(parsed.error.issues[0]?.message ?? "body is wrong"));
  });
}
