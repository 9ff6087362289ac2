import { z } from "zod";

import { type Action, type ActionCall, ok, withQueue } from "./action.ts";
import {
  attributesDigest,
  bodyDigest,
  type MessageAttributes,
  messageAttributeSchema,
  messageBytes,
} from "./message-digest.ts";
import type { OutgoingMessage, Queue, StoredMessage } from "./queue.ts";
import { invalidParameter, isFailure, missingParameter, type SqsFailure } from "./sqs-answer.ts";

const LONGEST_VISIBILITY_SECONDS = 43_200;

export const outgoingShape = {
  MessageBody: z.string(),
  DelaySeconds: z.number().int().optional(),
  MessageAttributes: z.record(z.string(), messageAttributeSchema).default({}),
  MessageSystemAttributes: z.record(z.string(), messageAttributeSchema).default({}),
  MessageGroupId: z.string().optional(),
  MessageDeduplicationId: z.string().optional(),
};

const outgoingSchema = z.object(outgoingShape);

/** The characters that a message may hold: those of XML 1.0 (documented). */
// oxlint-disable-next-line no-control-regex -- the documented ranges name control characters
const allowedBody = /^[\u0009\u000A\u000D\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

/** A message that this queue takes, or why not. */
export function checkedMessage(
  queue: Queue,
  input: z.output<typeof outgoingSchema>,
): OutgoingMessage | SqsFailure {
  const { MessageBody: body, DelaySeconds: delaySeconds = null, MessageAttributes: attributes } = input;
  if (body === "") return missingParameter("MessageBody");
  if (!allowedBody.test(body)) {
    return {
      error: "InvalidMessageContents",
      message: "Message body contains characters outside the allowed set.",
    };
  }
  const { maximumMessageBytes } = queue.settings;
  if (messageBytes(body, attributes) > maximumMessageBytes) {
    const reason = `Message must be shorter than ${maximumMessageBytes} bytes.`;
    return {
      error: "InvalidParameterValue",
      message: `One or more parameters are invalid. Reason: ${reason}`,
    };
  }
  if (delaySeconds !== null && (delaySeconds < 0 || delaySeconds > 900)) {
    return invalidParameter("DelaySeconds", delaySeconds, "DelaySeconds must be >= 0 and <= 900.");
  }
  if (input.MessageDeduplicationId !== undefined) {
    return invalidParameter(
      "MessageDeduplicationId",
      input.MessageDeduplicationId,
      "The request includes a parameter that is not valid for this queue type.",
    );
  }
  if (Object.keys(attributes).length > 10) {
    return invalidParameter("MessageAttributes", "", "Number of message attributes must be at most 10.");
  }
  const systemAttributes = Object.fromEntries(
    Object.entries(input.MessageSystemAttributes).map(([name, { StringValue }]) => [name, StringValue ?? ""]),
  );
  return { body, attributes, systemAttributes, delaySeconds };
}

/** What a sender is told about a stored message. */
export function sentBody(id: string, { body, attributes }: OutgoingMessage): Record<string, unknown> {
  const hasAttributes = Object.keys(attributes).length > 0;
  return {
    MessageId: id,
    MD5OfMessageBody: bodyDigest(body),
    ...(hasAttributes ? { MD5OfMessageAttributes: attributesDigest(attributes) } : {}),
  };
}

const queueUrl = { QueueUrl: z.string() };

const send = withQueue(z.object({ ...queueUrl, ...outgoingShape }), (queue, input) => {
  const message = checkedMessage(queue, input);
  if (isFailure(message)) return message;
  return ok(sentBody(queue.send(message), message));
});

const receiveSchema = z.object({
  ...queueUrl,
  MaxNumberOfMessages: z.number().int().default(1),
  WaitTimeSeconds: z.number().int().optional(),
  VisibilityTimeout: z.number().int().optional(),
  AttributeNames: z.array(z.string()).default([]),
  MessageSystemAttributeNames: z.array(z.string()).default([]),
  MessageAttributeNames: z.array(z.string()).default([]),
});

type ReceiveInput = z.output<typeof receiveSchema>;

function receiveProblem(input: ReceiveInput): SqsFailure | undefined {
  const { MaxNumberOfMessages: max, WaitTimeSeconds: wait = 0, VisibilityTimeout: visibility = 0 } = input;
  if (max < 1 || max > 10) {
    return invalidParameter("MaxNumberOfMessages", max, "Must be between 1 and 10, if provided.");
  }
  if (wait < 0 || wait > 20) {
    return invalidParameter("WaitTimeSeconds", wait, "Must be >= 0 and <= 20, if provided.");
  }
  if (visibility < 0 || visibility > LONGEST_VISIBILITY_SECONDS) {
    return invalidParameter("VisibilityTimeout", visibility, "Must be between 0 and 43200, if provided.");
  }
  return undefined;
}

function wantedAttributes(attributes: MessageAttributes, names: string[]): MessageAttributes {
  const isWanted = (name: string): boolean =>
    names.some(
      (wish) =>
        wish === "All" ||
        wish === ".*" ||
        wish === name ||
        (wish.endsWith(".*") && name.startsWith(wish.slice(0, -2))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isWanted(name)));
}

function receivedBody(message: StoredMessage, input: ReceiveInput): Record<string, unknown> {
  const system: Record<string, string> = {
    SenderId: message.systemAttributes.SenderId ?? "AIDAEXAMPLE",
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    ...(message.deadLetterSourceArn === null
      ? {}
      : { DeadLetterQueueSourceArn: message.deadLetterSourceArn }),
    ...message.systemAttributes,
  };
  const names = [...input.AttributeNames, ...input.MessageSystemAttributeNames];
  const shown = Object.entries(system).filter(([name]) => names.includes("All") || names.includes(name));
  const custom = wantedAttributes(message.attributes, input.MessageAttributeNames);
  const hasCustom = Object.keys(custom).length > 0;
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: bodyDigest(message.body),
    Body: message.body,
    ...(shown.length === 0 ? {} : { Attributes: Object.fromEntries(shown) }),
    ...(hasCustom ? { MessageAttributes: custom, MD5OfMessageAttributes: attributesDigest(custom) } : {}),
  };
}

/** Waits in real time until something can be received, the wait is over or the caller has hung up. */
function waitForMessages(
  { service, hungUp }: ActionCall,
  queue: Queue,
  waitMs: number,
  receive: () => StoredMessage[],
): Promise<StoredMessage[]> {
  return new Promise((resolve) => {
    const ended = AbortSignal.any([hungUp, service.closing.signal]);
    const finish = (messages: StoredMessage[]): void => {
      stopListening();
      stopWaiting();
      ended.removeEventListener("abort", giveUp);
      resolve(messages);
    };
    const giveUp = (): void => finish([]);
    const stopListening = queue.onVisible(() => {
      const messages = receive();
      if (messages.length > 0) finish(messages);
    });
    const stopWaiting = service.wallClock.schedule(waitMs, giveUp);
    ended.addEventListener("abort", giveUp);
    if (ended.aborted) giveUp();
  });
}

const receive = withQueue(receiveSchema, async (queue, input, call) => {
  const problem = receiveProblem(input);
  if (problem !== undefined) return problem;
  const { service } = call;
  const waitSeconds = input.WaitTimeSeconds ?? queue.settings.receiveWaitSeconds;
  const wish = {
    max: input.MaxNumberOfMessages,
    visibilitySeconds: input.VisibilityTimeout ?? queue.settings.visibilityTimeoutSeconds,
  };
  if (waitSeconds === 0 && queue.isAtInFlightLimit()) {
    return { error: "OverLimit", message: "Too many messages in flight." };
  }
  const isMissed = waitSeconds === 0 && service.misses(queue.name);
  let messages = isMissed ? [] : queue.receive(wish);
  if (messages.length === 0 && waitSeconds > 0) {
    messages = await waitForMessages(call, queue, waitSeconds * 1_000, () => queue.receive(wish));
  }
  // An empty answer has no list at all.
  return ok(
    messages.length === 0 ? {} : { Messages: messages.map((message) => receivedBody(message, input)) },
  );
});

const handleSchema = z.object({ ...queueUrl, ReceiptHandle: z.string() });

const remove = withQueue(handleSchema, (queue, input) => queue.delete(input.ReceiptHandle) ?? ok());

/** Changes how long one message stays invisible; undefined when done. */
export function changeVisibility(queue: Queue, handle: string, seconds: number): SqsFailure | undefined {
  if (seconds < 0 || seconds > LONGEST_VISIBILITY_SECONDS) {
    return invalidParameter("VisibilityTimeout", seconds, "Must be between 0 and 43200.");
  }
  return queue.changeVisibility(handle, seconds);
}

const visibilitySchema = handleSchema.extend({ VisibilityTimeout: z.number().int() });

const change = withQueue(
  visibilitySchema,
  (queue, input) => changeVisibility(queue, input.ReceiptHandle, input.VisibilityTimeout) ?? ok(),
);

export const messageActions: Record<string, Action> = {
  SendMessage: send,
  ReceiveMessage: receive,
  DeleteMessage: remove,
  ChangeMessageVisibility: change,
};
