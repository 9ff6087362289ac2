import { z } from "zod";

import { createFaultBoard, type FaultBoard } from "../fault-board.ts";
import type { KeyedRandom } from "../keyed-random.ts";
import { queueFaultsSchema } from "../sqs/sqs-faults.ts";

const probability = z.number().min(0).max(1);

const notificationFaultsSchema = z.strictObject({
  /** Never sent. */
  loss: probability.default(0),
  /** Sent again with the same NotificationId. */
  duplicate: probability.default(0),
  /** Sent again with a NotificationId of its own. */
  duplicateNewId: probability.default(0),
  reorder: probability.default(0),
  reorderMs: z.number().min(0).default(60_000),
  latencyMs: z.strictObject({ min: z.number().min(0), max: z.number().min(0) }).optional(),
  slow: probability.default(0),
  slowMs: z.number().min(0).default(3_600_000),
  /** Accounts whose subscriptions exist and tell nothing. */
  silent: z.array(z.string()).default([]),
});

const submissionFaultsSchema = z.strictObject({
  /** ACCEPTED, and never applied. */
  lost: probability.default(0),
  /** Applied later by `reorderMs`, so that a later submission of the same SKU may come first. */
  reorder: probability.default(0),
  reorderMs: z.number().min(0).default(60_000),
});

const orderFaultsSchema = z.strictObject({
  /** A change that the search shows only after `searchLateMs`. */
  searchLate: probability.default(0),
  searchLateMs: z.number().min(0).default(3_600_000),
  /** An order that one search leaves out, although it shows it before and after. */
  searchOmit: probability.default(0),
});

const ruleBase = {
  probability: probability.default(1),
  /** How often it may fire; unlimited when absent. */
  times: z.number().int().positive().optional(),
  /** An operation id, `METHOD /route`, `METHOD *` or `*`. */
  endpoint: z.string().default("*"),
  account: z.string().optional(),
};

const ruleSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    ...ruleBase,
    kind: z.literal("serverError"),
    status: z.number().int().min(500).max(599).default(500),
    body: z.enum(["json", "html", "text"]).default("json"),
  }),
  z.strictObject({
    ...ruleBase,
    kind: z.literal("rateLimited"),
    body: z.enum(["quotaExceeded", "application"]).default("quotaExceeded"),
    retryAfterSeconds: z.number().min(0).optional(),
  }),
  z.strictObject({ ...ruleBase, kind: z.literal("slow"), delayMs: z.number().min(0) }),
  z.strictObject({
    ...ruleBase,
    kind: z.enum([
      "timeout",
      "timeoutAfterApply",
      "dropped",
      "droppedAfterApply",
      "malformed",
      "writeIgnored",
      "unauthorized",
    ]),
  }),
]);

/** `PUT /_sim/faults`: how the marketplace misbehaves. Replaces what was set before. */
export const faultsSchema = z.strictObject({
  notifications: notificationFaultsSchema.prefault({}),
  queue: queueFaultsSchema.prefault({}),
  submissions: submissionFaultsSchema.prefault({}),
  orders: orderFaultsSchema.prefault({}),
  api: z.array(ruleSchema).max(100).default([]),
  orderNotFoundMs: z.number().min(0).default(0),
  tokenRevoked: z.array(z.string()).default([]),
});

export type FaultSetup = z.input<typeof faultsSchema>;
export type FaultRule = z.infer<typeof ruleSchema>;
type Faults = z.infer<typeof faultsSchema>;

/** What a call is, as a rule may name it. */
export interface StruckCall {
  operation: string;
  method: string;
  /** The route's pattern. */
  route: string;
  account: string | undefined;
}

/** The marketplace's faults in force. */
export type AmazonFaults = FaultBoard<FaultSetup, Faults, StruckCall>;

function fits(rule: FaultRule, { operation, method, route, account }: StruckCall): boolean {
  if (rule.kind === "writeIgnored" && method !== "PATCH") return false;
  const names = ["*", operation, `${method} ${route}`, `${method} *`];
  return names.includes(rule.endpoint) && (rule.account === undefined || rule.account === account);
}

/** A board with the given faults in force. */
export function createAmazonFaults(random: KeyedRandom, setup: FaultSetup = {}): AmazonFaults {
  return createFaultBoard({ random, parse: (given) => faultsSchema.parse(given), fits }, setup);
}
