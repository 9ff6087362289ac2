import { z } from "zod";

const probability = z.number().min(0).max(1);

/** How the queue service misbehaves. All draws are seeded; the defaults are a good day. */
export const queueFaultsSchema = z.strictObject({
  /** A message is stored twice, with one id; the copy shows up to `duplicateAfterMs` of real time later. */
  duplicate: probability.default(0),
  duplicateAfterMs: z.number().min(0).default(0),
  /** A receive picks at random instead of the oldest first. */
  reorder: probability.default(0),
  /** A delete is answered with 200, and the message comes again when its visibility ends. */
  deleteIgnored: probability.default(0),
  /** A receive that does not wait asks servers that hold nothing, and gets nothing. */
  emptyReceive: probability.default(0),
  /** 500 InternalFailure, before anything happens. */
  serverError: probability.default(0),
  /** 403 RequestThrottled, before anything happens. */
  throttled: probability.default(0),
  /** The connection is cut after the call took effect. */
  droppedAfterApply: probability.default(0),
  /** Only these actions meet the last three, `ReceiveMessage` for one; all when empty. */
  actions: z.array(z.string()).default([]),
});

export type QueueFaults = z.infer<typeof queueFaultsSchema>;
export type QueueFaultSetup = z.input<typeof queueFaultsSchema>;
