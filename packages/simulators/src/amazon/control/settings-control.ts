import type { FastifyInstance } from "fastify";

import { registerClockControl } from "../../control/clock-control.ts";
import { invalidRequest, ok, sendControl, withBody } from "../../control/control-answer.ts";
import { faultsSchema } from "../faults.ts";
import { mergeSettings, settingsSchema } from "../settings.ts";
import { isOperation } from "../vendor/operations.ts";
import type { World } from "../world.ts";

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

  registerClockControl(server, world.clock);
}
