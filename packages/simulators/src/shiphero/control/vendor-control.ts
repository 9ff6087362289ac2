import type { FastifyInstance } from "fastify";
import { z } from "zod";

import { registerClockControl } from "../../control/clock-control.ts";
import { ok, sendControl, withBody } from "../../control/control-answer.ts";
import { registerWarehouseControl } from "../../warehouse/control/warehouse-control.ts";
import type { Floor } from "../../warehouse/floor/floor.ts";
import { warehouseTruth } from "../../warehouse/warehouse-truth.ts";
import { accountSchema } from "../account-setup.ts";
import { applyAccount } from "../apply-account.ts";
import { describeAccount } from "../describe-account.ts";
import { stockOf } from "../describe-stock.ts";
import { faultsSchema } from "../faults.ts";
import { mergeSettings, settingsSchema } from "../settings.ts";
import type { World } from "../world.ts";

const notifySchema = z.strictObject({
  url: z.url(),
  body: z.union([z.string(), z.record(z.string(), z.unknown())]),
  headers: z.record(z.string(), z.string()).default({}),
});

/** 100,000 items in one call. */
const MOST_BYTES = 64 * 1_024 * 1_024;

function registerSettings(server: FastifyInstance, world: World): void {
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
}

/** What really is, and beside it what the vendor shows. */
export function describeTruth(world: World) {
  return { ...warehouseTruth(world.warehouse), wallNow: new Date().toISOString(), shown: stockOf(world) };
}

/** `/_sim/…`. */
export function registerVendorControl(
  server: FastifyInstance,
  { world, floor, addresses }: { world: World; floor: Floor; addresses: () => object },
): void {
  registerSettings(server, world);
  registerClockControl(server, world.clock);
  registerWarehouseControl(server, { warehouse: world.warehouse, floor });

  server.get("/truth", (_, reply) => sendControl(reply, ok(describeTruth(world))));

  server.get("/account", (_, reply) => sendControl(reply, ok({ ...addresses(), ...describeAccount(world) })));
  server.put("/account", { bodyLimit: MOST_BYTES }, (request, reply) => {
    const answer = withBody(accountSchema, request.body, (setup) => {
      applyAccount(world, setup);
      return ok({ ...addresses(), ...describeAccount(world) });
    });
    return sendControl(reply, answer);
  });

  server.get("/notifications", (_, reply) => sendControl(reply, ok(world.webhooks.report())));
  server.post("/notify", async (request, reply) => {
    const form = notifySchema.safeParse(request.body);
    if (!form.success) return sendControl(reply, withBody(notifySchema, request.body, ok));
    const { url, body, headers } = form.data;
    const payload = typeof body === "string" ? body : JSON.stringify(body);
    const { status, wallMs, error } = await world.webhooks.postRaw(url, payload, headers);
    return sendControl(reply, ok({ status, wallMs, error }));
  });
}
