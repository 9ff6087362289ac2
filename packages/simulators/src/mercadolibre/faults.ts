import { z } from "zod";

import { createFaultBoard, type FaultBoard } from "../fault-board.ts";
import type { KeyedRandom } from "../keyed-random.ts";

const probability = z.number().min(0).max(1);

const notificationFaultsSchema = z.strictObject({
  loss: probability.default(0),
  duplicate: probability.default(0),
  reorder: probability.default(0),
  reorderMs: z.number().min(0).default(60_000),
  latencyMs: z.strictObject({ min: z.number().min(0), max: z.number().min(0) }).optional(),
  slow: probability.default(0),
  slowMs: z.number().min(0).default(600_000),
  noop: probability.default(0),
  /** One change told several times at once, each with an id of its own. */
  burst: probability.default(0),
  burstSize: z.number().int().min(2).max(1_000).default(5),
  /** `id` in place of `_id` and `user_id` as a string, as some documented samples show. */
  otherShape: probability.default(0),
  /** Topics, or accounts, that say nothing at all; `*` is all of them. Nothing of it stands in the missed feeds. */
  silent: z.array(z.string()).default([]),
  /** Each page of the missed feeds but the first begins with the last row of the one before. */
  missedRowsRepeat: z.boolean().default(false),
});

const ruleBase = {
  probability: probability.default(1),
  /** How often it may fire; unlimited when absent. */
  times: z.number().int().positive().optional(),
  /** `METHOD /route`, `METHOD *` or `*`. */
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
    body: z
      .enum(["tooManyRequests", "overQuota", "tooManyRequest", "localRateLimited", "text"])
      .default("tooManyRequests"),
    retryAfterSeconds: z.number().min(0).optional(),
  }),
  z.strictObject({
    ...ruleBase,
    kind: z.literal("forbidden"),
    body: z.enum(["accessDenied", "policies", "callerNotAuthorized"]).default("accessDenied"),
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
      "conflict",
      "writeIgnored",
      "unauthorized",
    ]),
  }),
]);

/** `PUT /_sim/faults`: how the marketplace misbehaves. Replaces what was set before. */
export const faultsSchema = z.strictObject({
  notifications: notificationFaultsSchema.prefault({}),
  api: z.array(ruleSchema).max(100).default([]),
  orderNotFoundMs: z.number().min(0).default(0),
  /** Orders younger than this are not found by searching yet. */
  orderSearchLagMs: z.number().min(0).default(0),
  tokenRevoked: z.array(z.string()).default([]),
});

export type FaultSetup = z.input<typeof faultsSchema>;
export type FaultRule = z.infer<typeof ruleSchema>;
type Faults = z.infer<typeof faultsSchema>;

/** What a call is, as a rule may name it. */
interface StruckCall {
  /** `METHOD /route`. */
  endpoint: string;
  account: string | undefined;
}

/** The marketplace's faults in force. */
export type MercadolibreFaults = FaultBoard<FaultSetup, Faults, StruckCall>;

function fits(rule: FaultRule, { endpoint, account }: StruckCall): boolean {
  const [method] = endpoint.split(" ");
  if (method !== "PUT" && (rule.kind === "conflict" || rule.kind === "writeIgnored")) return false;
  const endpointFits = rule.endpoint === "*" || rule.endpoint === endpoint || rule.endpoint === `${method} *`;
  return endpointFits && (rule.account === undefined || rule.account === account);
}

/** A board with the given faults in force. */
export function createMercadolibreFaults(random: KeyedRandom, setup: FaultSetup = {}): MercadolibreFaults {
  return createFaultBoard({ random, parse: (given) => faultsSchema.parse(given), fits }, setup);
}
