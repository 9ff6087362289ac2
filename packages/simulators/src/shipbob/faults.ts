import { z } from "zod";

import { createFaultBoard, type FaultBoard } from "../fault-board.ts";
import type { KeyedRandom } from "../keyed-random.ts";

const probability = z.number().min(0).max(1);
const share = probability.default(0);
const ms = z.number().min(0);

const webhookFaultsSchema = z.strictObject({
  /** Never sent. */
  loss: share,
  /** Sent again with the same `webhook-id`. */
  duplicate: share,
  /** Sent again with a `webhook-id` of its own. */
  duplicateNewId: share,
  /** Held back by up to `reorderMs`, so that later ones overtake it. */
  reorder: share,
  reorderMs: ms.default(60_000),
  latencyMs: z.strictObject({ min: ms, max: ms }).optional(),
  /** Held back by `slowMs`. */
  slow: share,
  slowMs: ms.default(3_600_000),
  /** Topics that tell nothing; `*` for all. */
  silent: z.array(z.string()).default([]),
});

const levelFaultsSchema = z.strictObject({
  /** A reading of levels that tells what held `staleMs` ago. */
  stale: share,
  staleMs: ms.default(600_000),
  /** An item that one list leaves out, although it is there. */
  omit: share,
});

const historyFaultsSchema = z.strictObject({
  /** An event that the log shows only `lateMs` after it happened, behind its number and its time. */
  late: share,
  lateMs: ms.default(600_000),
});

const ruleBase = {
  probability: probability.default(1),
  /** How often it may fire; unlimited when absent. */
  times: z.number().int().positive().optional(),
  /** `METHOD /route` behind the version, `METHOD *` or `*`. */
  endpoint: z.string().default("*"),
};

const ruleSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    ...ruleBase,
    kind: z.literal("serverError"),
    status: z.number().int().min(500).max(599).default(500),
    body: z.enum(["problem", "html", "empty"]).default("problem"),
  }),
  z.strictObject({
    ...ruleBase,
    kind: z.literal("rateLimited"),
    retryAfterSeconds: z.number().int().min(0).default(25),
  }),
  z.strictObject({ ...ruleBase, kind: z.literal("slow"), delayMs: ms }),
  z.strictObject({
    ...ruleBase,
    kind: z.enum([
      "timeout",
      "timeoutAfterApply",
      "dropped",
      "droppedAfterApply",
      "malformed",
      "unauthorized",
    ]),
  }),
]);

/** `PUT /_sim/faults`: how the keeper misbehaves. Replaces what was set before. */
export const faultsSchema = z.strictObject({
  webhooks: webhookFaultsSchema.prefault({}),
  levels: levelFaultsSchema.prefault({}),
  history: historyFaultsSchema.prefault({}),
  api: z.array(ruleSchema).max(100).default([]),
  /** The token is refused. */
  tokenRevoked: z.boolean().default(false),
});

export type FaultSetup = z.input<typeof faultsSchema>;
export type FaultRule = z.infer<typeof ruleSchema>;
type Faults = z.infer<typeof faultsSchema>;

/** A call, as a rule may name it. */
interface StruckCall {
  method: string;
  /** The route's pattern, without the version. */
  route: string;
}

export type ShipBobFaults = FaultBoard<FaultSetup, Faults, StruckCall>;

export function createFaults(random: KeyedRandom, setup: FaultSetup = {}): ShipBobFaults {
  return createFaultBoard<FaultSetup, Faults, StruckCall>(
    {
      random,
      parse: (next) => faultsSchema.parse(next),
      fits: ({ endpoint }, { method, route }) =>
        ["*", `${method} ${route}`, `${method} *`].includes(endpoint),
    },
    setup,
  );
}
