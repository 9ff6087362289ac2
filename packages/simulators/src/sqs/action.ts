import type { z } from "zod";

import type { QueueService } from "./queue-service.ts";
import type { Queue } from "./queue.ts";
import { missingParameter, type SqsAnswer, type SqsFailure } from "./sqs-answer.ts";

/** One call that has passed authentication. */
export interface ActionCall {
  service: QueueService;
  /** The JSON body. */
  input: unknown;
  /** Scheme and host that the caller used, for queue URLs. */
  origin: string;
  /** Aborted when the caller hangs up. */
  hungUp: AbortSignal;
}

export type Action = (call: ActionCall) => SqsAnswer | SqsFailure | Promise<SqsAnswer | SqsFailure>;

/** Runs `action` on the call's input, once it has the right shape. */
export function withInput<Shape extends z.ZodType>(
  shape: Shape,
  action: (input: z.output<Shape>, call: ActionCall) => ReturnType<Action>,
): Action {
  return (call) => {
    const parsed = shape.safeParse(call.input);
    if (parsed.success) return action(parsed.data, call);
    const [issue] = parsed.error.issues;
    const path = issue?.path ?? [];
    let value = call.input;
    for (const step of path) value = (value as Record<PropertyKey, unknown> | undefined)?.[step];
    if (value === undefined && path.length > 0) return missingParameter(path.join("."));
    return { error: "Serialization", message: `${path.join(".")}: ${issue?.message ?? "not an object"}` };
  };
}

/** The same, with the queue that `QueueUrl` names. */
export function withQueue<Shape extends z.ZodType<{ QueueUrl: string }>>(
  shape: Shape,
  action: (queue: Queue, input: z.output<Shape>, call: ActionCall) => ReturnType<Action>,
): Action {
  return withInput(shape, (input, call) => {
    const queue = call.service.byUrl(input.QueueUrl);
    if (queue !== undefined) return action(queue, input, call);
    return { error: "QueueDoesNotExist", message: "The specified queue does not exist." };
  });
}

export const ok = (body?: Record<string, unknown>): SqsAnswer => ({
  status: 200,
  ...(body === undefined ? {} : { body }),
});
