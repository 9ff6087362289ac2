import type { FastifyInstance } from "fastify";
import { z } from "zod";

import { faultsSchema } from "../faults.ts";
import { mergeSettings, settingsSchema } from "../settings.ts";
import { isOperation } from "../vendor/operations.ts";
import type { World } from "../world.ts";
import { type ControlAnswer, invalidRequest, ok, sendControl, withBody } from "./control-answer.ts";

const clockSchema = z.strictObject({
  factor: z.number().min(0).max(1_000_000).optional(),
  advanceMs: z.number().min(0).optional(),
  now: z.iso.datetime({ offset: true }).optional(),
});

function describeClock({ clock }: World): Record<string, unknown> {
  return {
    now: new Date(clock.now()).toISOString(),
    wallNow: new Date().toISOString(),
    factor: clock.factor(),
    pending: clock.pending(),
  };
}

function moveClock(world: World, { factor, advanceMs, now }: z.infer<typeof clockSchema>): ControlAnswer {
  if (now !== undefined && Date.parse(now) < world.clock.now()) {
    return invalidRequest("now: the clock only moves forward");
  }
  if (factor !== undefined) world.clock.setFactor(factor);
  if (advanceMs !== undefined) world.clock.advance(advanceMs);
  if (now !== undefined) world.clock.setNow(Math.max(Date.parse(now), world.clock.now()));
  return ok(describeClock(world));
}

/** `/_sim/faults`, `/_sim/settings` and `/_sim/clock`. */
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
      const stranger = Object.keys(change.limits?.operations ?? {}).find((name) => !isOperation(name));
      if (stranger !== undefined) return invalidRequest(`limits.operations: no operation ${stranger}`);
      world.settings = mergeSettings(world.settings, change);
      return ok(world.settings);
    });
    return sendControl(reply, answer);
  });

  server.get("/clock", (_, reply) => sendControl(reply, ok(describeClock(world))));
  server.post("/clock", (request, reply) =>
    sendControl(
      reply,
      withBody(clockSchema, request.body, (body) => moveClock(world, body)),
    ),
  );
}
