// How a connection is doing: what a screen shows of it beside its settings.
import { z } from "zod";

import { CALL_BUDGETS } from "../../connections/call-budget.ts";
import { instantAnswer } from "./answers.ts";
import { hopsAnswer } from "./latency.ts";

export const CONNECTION_STATES = [
  "connected",
  "importing",
  "throttled",
  "away",
  "blind",
  "reconnect_needed",
  "unmanaged",
] as const;

const units = z.int();

const problem = z.strictObject({
  code: z.string().meta({ description: "The state it leads to, or the kind of the alert it comes from." }),
  severity: z.enum(["info", "warning", "critical"]),
  message: z.string(),
  mend: z.string().meta({ description: "What a person can do about it." }),
});

const orders = z.strictObject({
  completeAt: instantAnswer
    .nullable()
    .meta({ description: "Every order up to then was listed; null until the import has reached now." }),
  lagMs: z.int().nullable().meta({ description: "How far behind now the orders are that we know." }),
  nextPollAt: instantAnswer,
  unread: units.meta({ description: "Orders with news that waits to be read." }),
  oldestUnreadAt: instantAnswer.nullable(),
  poisoned: units.meta({ description: "News that could not be processed and was put aside." }),
  receivedAt: instantAnswer.nullable().meta({ description: "When news of an order last came through." }),
});

const budget = z.strictObject({
  budget: z.enum(CALL_BUDGETS),
  perMinute: z.number(),
  burst: z.number().meta({ description: "Calls that may be made at once after a pause." }),
  left: units.meta({ description: "Calls that may be made now." }),
  share: z.number().meta({
    description: "Share of the rate in use: halved when the channel says too much, then recovering.",
  }),
  blockedUntil: instantAnswer.nullable().meta({ description: "The channel asked for silence until then." }),
});

const event = z.strictObject({
  cursor: z.int(),
  kind: z.string(),
  externalId: z.string().nullable(),
  recordedAt: instantAnswer,
  body: z.looseObject({}),
});

export const connectionHealth = z
  .strictObject({
    state: z.enum(CONNECTION_STATES).meta({
      description:
        "connected: all is well. importing: its orders are not complete up to now yet, and nothing is pushed before. throttled: the channel asked us to wait. away: it does not answer. blind: what it sells is not seen as it should be. reconnect_needed: it does not let us in. unmanaged: a channel of your own that no connector speaks to.",
    }),
    problems: z.array(problem).meta({ description: "What is wrong, the gravest first." }),
    orders: orders.nullable().meta({ description: "Null before the connection was first polled." }),
    budgets: z.array(budget).nullable().meta({
      description: "Of the process that answers; null where it makes no calls of this connection.",
    }),
    events: z
      .array(event)
      .meta({ description: "What was last seen and done there, newest first: a few of the last 500." }),
  })
  .meta({ id: "ConnectionHealth" });

export const connectionLatency = z
  .strictObject({
    lastHour: hopsAnswer,
    lastDay: hopsAnswer.nullable().meta({ description: "Only where one connection is asked for." }),
  })
  .meta({ id: "ConnectionLatency" });
