import type { FastifyInstance } from "fastify";

import {
  type ControlAnswer,
  invalidRequest,
  ok,
  sendControl,
  withBody,
} from "../../control/control-answer.ts";
import { accountsSchema, type AccountsSetup } from "../account-setup.ts";
import { applySetup } from "../apply-setup.ts";
import { describeAccounts } from "../describe-accounts.ts";
import type { describeQueues } from "../notifications/notification-control.ts";
import type { World } from "../world.ts";

/** Where the simulator is reached, known once it listens. */
export interface Addresses {
  url: string;
  tokenUrl: string;
  /** The queues that notifications go to, and the keys to read them. */
  sqs: ReturnType<typeof describeQueues>;
}

/** 100,000 listings in one call. */
const MOST_BYTES = 64 * 1_024 * 1_024;

function change(world: World, setup: AccountsSetup, addresses: object): ControlAnswer {
  try {
    applySetup(world, setup);
  } catch (error) {
    // Names that collide are the caller's mistake; anything else is a bug.
    if (error instanceof RangeError) return invalidRequest(`accounts: ${error.message}`);
    throw error;
  }
  return ok({ ...addresses, ...describeAccounts(world) });
}

/** `/_sim/accounts`. */
export function registerAccountControl(server: FastifyInstance, world: World, addresses: () => object): void {
  server.get("/accounts", (_, reply) =>
    sendControl(reply, ok({ ...addresses(), ...describeAccounts(world) })),
  );
  server.put("/accounts", { bodyLimit: MOST_BYTES }, (request, reply) =>
    sendControl(
      reply,
      withBody(accountsSchema, request.body, (setup) => change(world, setup, addresses())),
    ),
  );
}
