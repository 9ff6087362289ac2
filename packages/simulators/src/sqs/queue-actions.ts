import { z } from "zod";

import { type Action, type ActionCall, ok, withInput, withQueue } from "./action.ts";
import { defaultQueueSettings, parseQueueAttributes, renderQueueSettings } from "./queue-attributes.ts";
import type { Queue } from "./queue.ts";
import { invalidParameter, isFailure, type SqsFailure } from "./sqs-answer.ts";

const attributesSchema = z.record(z.string(), z.string());
const queueSchema = z.object({ QueueUrl: z.string() });

const urlOf = ({ service, origin }: ActionCall, queue: Queue): string =>
  `${origin}/${service.accountId}/${queue.name}`;

const create = withInput(
  z.object({ QueueName: z.string(), Attributes: attributesSchema.default({}) }),
  ({ QueueName: name, Attributes: attributes }, call) => {
    if (name.endsWith(".fifo") || "FifoQueue" in attributes) {
      return { error: "UnsupportedOperation", message: "This simulator has standard queues only." };
    }
    if (!/^[\w-]{1,80}$/.test(name)) {
      const reason = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.";
      return invalidParameter("QueueName", name, reason);
    }
    const settings = parseQueueAttributes(attributes);
    if (isFailure(settings)) return settings;
    const existing = call.service.byName(name);
    if (existing === undefined) return ok({ QueueUrl: urlOf(call, call.service.create(name, settings)) });
    // Documented: the same name with the same attributes answers with the queue there is.
    const before = renderQueueSettings(existing.settings);
    const asked = Object.entries(renderQueueSettings({ ...defaultQueueSettings, ...settings }));
    const differs = asked.find(([key, value]) => key in attributes && before[key] !== value);
    if (differs === undefined) return ok({ QueueUrl: urlOf(call, existing) });
    return {
      error: "QueueNameExists",
      message: `A queue already exists with the same name and a different value for attribute ${differs[0]}`,
    };
  },
);

const getUrl = withInput(
  z.object({ QueueName: z.string(), QueueOwnerAWSAccountId: z.string().optional() }),
  ({ QueueName: name, QueueOwnerAWSAccountId: owner }, call) => {
    const queue = call.service.byName(name);
    if (queue !== undefined && (owner ?? call.service.accountId) === call.service.accountId) {
      return ok({ QueueUrl: urlOf(call, queue) });
    }
    return { error: "QueueDoesNotExist", message: "The specified queue does not exist." };
  },
);

const list = withInput(z.object({ QueueNamePrefix: z.string().default("") }), ({ QueueNamePrefix }, call) => {
  const queues = call.service.all().filter(({ name }) => name.startsWith(QueueNamePrefix));
  return ok(queues.length === 0 ? {} : { QueueUrls: queues.map((queue) => urlOf(call, queue)) });
});

function attributesOf(queue: Queue): Record<string, string> {
  const { visible, inFlight, delayed } = queue.sizes();
  const createdSeconds = String(Math.floor(queue.createdAt / 1_000));
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: createdSeconds,
    LastModifiedTimestamp: createdSeconds,
    ...renderQueueSettings(queue.settings),
  };
}

/** Known, but only there when the owner has set them. */
const sometimes = new Set(["Policy", "RedrivePolicy"]);

const getAttributes = withQueue(
  queueSchema.extend({ AttributeNames: z.array(z.string()).default([]) }),
  (queue, { AttributeNames: names }) => {
    const all = attributesOf(queue);
    const unknown = names.find((name) => name !== "All" && !(name in all) && !sometimes.has(name));
    if (unknown !== undefined) {
      return { error: "InvalidAttributeName", message: `Unknown Attribute ${unknown}.` };
    }
    const wanted = Object.entries(all).filter(([name]) => names.includes("All") || names.includes(name));
    return ok(wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) });
  },
);

const setAttributes = withQueue(
  queueSchema.extend({ Attributes: attributesSchema }),
  (queue, { Attributes: attributes }) => {
    const change = parseQueueAttributes(attributes);
    if (isFailure(change)) return change;
    Object.assign(queue.settings, change);
    return ok();
  },
);

const purge = withQueue(queueSchema, (queue) => {
  queue.purge();
  return ok();
});

const remove = withQueue(queueSchema, (queue, _input, { service }) => {
  service.remove(queue);
  return ok();
});

export const queueActions: Record<string, Action> = {
  CreateQueue: create,
  GetQueueUrl: getUrl,
  ListQueues: list,
  GetQueueAttributes: getAttributes,
  SetQueueAttributes: setAttributes,
  PurgeQueue: purge,
  DeleteQueue: remove,
};

/** Actions of the service that exist but are not simulated. */
export const notSimulated = (name: string): SqsFailure =>
  /^(AddPermission|RemovePermission|TagQueue|UntagQueue|ListQueueTags|ListDeadLetterSourceQueues|StartMessageMoveTask|CancelMessageMoveTask|ListMessageMoveTasks)$/.test(
    name,
  )
    ? { error: "UnsupportedOperation", message: `${name} is not simulated.` }
    : { error: "UnknownOperation", message: `The action ${name} is not valid for this endpoint.` };
