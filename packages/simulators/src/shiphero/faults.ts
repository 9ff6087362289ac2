import { z } from "zod";

import { createFaultBoard, type FaultBoard } from "../fault-board.ts";
import type { KeyedRandom } from "../keyed-random.ts";

const probability = z.number().min(0).max(1);

const webhookFaultsSchema = z.strictObject({
  /** Never sent. */
  loss: probability.default(0),
  /** By webhook type, in place of `loss`. */
  lossOf: z.record(z.string(), probability).default({}),
  /** Sent again with the same message id. */
  duplicate: probability.default(0),
  /** Sent again with another message id: duplicates of PO Update were reported by integrators. */
  duplicateNewId: probability.default(0),
  reorder: probability.default(0),
  reorderMs: z.number().min(0).default(60_000),
  latencyMs: z.strictObject({ min: z.number().min(0), max: z.number().min(0) }).optional(),
  slow: probability.default(0),
  slowMs: z.number().min(0).default(3_600_000),
  /** Types that tell nothing although they are registered. */
  silent: z.array(z.string()).default([]),
});

const readFaultsSchema = z.strictObject({
  /** Reads show what was so long ago. */
  lagMs: z.number().min(0).max(3_600_000).default(0),
  /** The share of rows that lag; drawn per row and read. */
  lagShare: probability.default(1),
});

const snapshotFaultsSchema = z.strictObject({
  /** The job ends with an error. */
  fail: probability.default(0),
  /** A product is missing from the file. */
  dropProduct: probability.default(0),
});

const ruleBase = {
  probability: probability.default(1),
  /** How often it may fire; unlimited when absent. */
  times: z.number().int().positive().optional(),
  /** A top-level field (`order_create`), `query *`, `mutation *`, `POST /auth/refresh` or `*`. */
  endpoint: z.string().default("*"),
};

const ruleSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    ...ruleBase,
    kind: z.literal("serverError"),
    status: z.number().int().min(500).max(599).default(502),
    body: z.enum(["json", "html", "text"]).default("html"),
  }),
  z.strictObject({ ...ruleBase, kind: z.literal("slow"), delayMs: z.number().min(0) }),
  z.strictObject({
    ...ruleBase,
    kind: z.enum([
      "rateLimited",
      "throttled",
      "unexpectedError",
      "timeout",
      "timeoutAfterApply",
      "dropped",
      "droppedAfterApply",
      "malformed",
      "unauthorized",
    ]),
  }),
]);

/** `PUT /_sim/faults`: how the vendor misbehaves. Replaces what was set before. */
export const faultsSchema = z.strictObject({
  webhooks: webhookFaultsSchema.prefault({}),
  reads: readFaultsSchema.prefault({}),
  snapshots: snapshotFaultsSchema.prefault({}),
  api: z.array(ruleSchema).max(100).default([]),
  /** Access and refresh tokens are refused until this is taken back. */
  tokenRevoked: z.boolean().default(false),
});

export type FaultSetup = z.input<typeof faultsSchema>;
export type FaultRule = z.infer<typeof ruleSchema>;
type Faults = z.infer<typeof faultsSchema>;

/** What a call is, as a rule may name it. */
export interface StruckCall {
  /** Top-level fields, or the route of a call that is not GraphQL. */
  names: string[];
}

/** The vendor's faults in force. */
export type ShipHeroFaults = FaultBoard<FaultSetup, Faults, StruckCall>;

/** A board with the given faults in force. */
export function createShipHeroFaults(random: KeyedRandom, setup: FaultSetup = {}): ShipHeroFaults {
  const fits = (rule: FaultRule, { names }: StruckCall): boolean =>
    rule.endpoint === "*" || names.includes(rule.endpoint);
  return createFaultBoard({ random, parse: (given) => faultsSchema.parse(given), fits }, setup);
}
