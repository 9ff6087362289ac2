import type { FastifyInstance } from "fastify";
import { z } from "zod";

import {
  type ControlAnswer,
  invalidRequest,
  ok,
  sendControl,
  unknown,
  withBody,
} from "../../control/control-answer.ts";
import { accountsSchema, type AccountsSetup } from "../account-setup.ts";
import { applySetup, describeAccounts } from "../apply-setup.ts";
import type { World } from "../world.ts";

/** Where the simulator is reached, known once it listens. */
export interface Addresses {
  url: string;
  tokenUrl: string;
  authorizationUrl: string;
}

/** 100,000 listings in one call. */
const MOST_BYTES = 64 * 1_024 * 1_024;

function change(world: World, setup: AccountsSetup, addresses: Addresses): ControlAnswer {
  try {
    applySetup(world, setup);
  } catch (error) {
    // Names that collide are the caller's mistake; anything else is a bug.
    if (error instanceof RangeError) return invalidRequest(`accounts: ${error.message}`);
    throw error;
  }
  return ok({ ...addresses, ...describeAccounts(world) });
}

/** Documented: both secrets of a planned renewal are valid for up to a week. */
const MOST_GRACE_MS = 7 * 86_400_000;

const secretSchema = z.strictObject({ graceMs: z.number().min(0).max(MOST_GRACE_MS).default(0) });

function renewSecret(world: World, name: string, { graceMs }: z.infer<typeof secretSchema>): ControlAnswer {
  const app = world.apps.get(name);
  if (app === undefined) return unknown("app", name);
  const until = world.clock.now() + graceMs;
  app.oldSecret = graceMs === 0 ? null : { value: app.clientSecret, until };
  app.clientSecret = world.random.hex(`secret|${name}|${app.clientSecret}`, 32);
  if (graceMs === 0) world.grants.dropAccessTokensOf(app.clientId);
  return ok({ app: name, clientId: app.clientId, clientSecret: app.clientSecret });
}

function revoke(world: World, account: string): ControlAnswer {
  if (!world.sellers.has(account)) return unknown("account", account);
  world.grants.revoke(account);
  return ok({ account, authorised: false });
}

/** `/_sim/accounts` and `/_sim/apps`: who there is, and what sellers and owners do in their panels. */
export function registerAccountControl(
  server: FastifyInstance,
  world: World,
  addresses: () => Addresses,
): void {
  server.get("/accounts", (_, reply) =>
    sendControl(reply, ok({ ...addresses(), ...describeAccounts(world) })),
  );
  server.put("/accounts", { bodyLimit: MOST_BYTES }, (request, reply) =>
    sendControl(
      reply,
      withBody(accountsSchema, request.body, (setup) => change(world, setup, addresses())),
    ),
  );
  server.post<{ Params: { account: string } }>("/accounts/:account/revoke", (request, reply) =>
    sendControl(reply, revoke(world, request.params.account)),
  );
  server.post<{ Params: { app: string } }>("/apps/:app/secret", (request, reply) =>
    sendControl(
      reply,
      withBody(secretSchema, request.body, (body) => renewSecret(world, request.params.app, body)),
    ),
  );
}
