import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSServiceException } from "@aws-sdk/client-sqs";
import type { QueueAddress } from "@onepool/connectors/contract/queue-address.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";

import { sqsClientOf } from "./sqs-client.ts";

/** A message of a queue, ours until its visibility timeout ends. */
export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly text: string;
  /** When it was put into the queue; null where the service does not say. */
  readonly sentAt: Instant | null;
}

/** A queue as its reader needs it. */
export interface QueueClient {
  /** Waits up to `WAIT_SECONDS` for messages; none when there are none or the signal aborts. */
  receive(signal: AbortSignal): Promise<readonly QueueMessage[]>;
  /** Those that cannot be deleted come again. */
  remove(messages: readonly QueueMessage[]): Promise<void>;
  close(): void;
}

/** Long polling: the longest that SQS allows, and the most messages that it gives at a time. */
const WAIT_SECONDS = 20;
const BATCH_MAX = 10;

/**
 * Longer than storing a batch takes, in seconds. What is not deleted by then is given to somebody: to another process, or to
 * us after a crash.
 */
const VISIBILITY_SECONDS = 30;

/** Beyond the long poll, in milliseconds. */
const REQUEST_TIMEOUT_MS = (WAIT_SECONDS + 10) * 1_000;

/** One queue, read by long polling. */
export function openQueue(address: QueueAddress): QueueClient {
  const { queueUrl: QueueUrl } = address;
  const client = sqsClientOf(address, { requestTimeoutMs: REQUEST_TIMEOUT_MS });
  return {
    async receive(signal) {
      const command = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: BATCH_MAX,
        WaitTimeSeconds: WAIT_SECONDS,
        VisibilityTimeout: VISIBILITY_SECONDS,
        MessageSystemAttributeNames: ["SentTimestamp"],
      });
      try {
        const { Messages = [] } = await client.send(command, { abortSignal: signal });
        return Messages.map((message) => ({
          messageId: message.MessageId ?? "",
          receiptHandle: message.ReceiptHandle ?? "",
          text: message.Body ?? "",
          sentAt: instantOf(message.Attributes?.SentTimestamp),
        }));
      } catch (error) {
        if (signal.aborted) return [];
        throw error;
      }
    },
    async remove(messages) {
      if (messages.length === 0) return;
      const Entries = messages.map(({ receiptHandle: ReceiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle,
      }));
      await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    },
    close: () => client.destroy(),
  };
}

function instantOf(text: string | undefined): Instant | null {
  const instant = Number(text);
  return text === undefined || !Number.isSafeInteger(instant) ? null : instant;
}

/** What went wrong with a queue, for people: the SDK's errors carry the request, of which nothing is told. */
export function queueProblem(error: unknown): string | null {
  if (error instanceof SQSServiceException) return `${error.name}: ${error.message}`;
  if (!(error instanceof Error)) return null;
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  return `${code}: the queue cannot be reached`;
}
