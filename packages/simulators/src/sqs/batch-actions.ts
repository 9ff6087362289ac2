import { z } from "zod";

import { type Action, ok, withQueue } from "./action.ts";
import { changeVisibility, checkedMessage, outgoingShape, sentBody } from "./message-actions.ts";
import { messageBytes } from "./message-digest.ts";
import { failedEntry, isFailure, type SqsAnswer, type SqsFailure } from "./sqs-answer.ts";

const MOST_ENTRIES = 10;
const MOST_BATCH_BYTES = 1_048_576;

/** What is wrong with a batch as a whole; then none of its entries is touched. */
function batchProblem(entries: { Id: string }[]): SqsFailure | undefined {
  if (entries.length === 0) {
    return {
      error: "EmptyBatchRequest",
      message: "There should be at least one entry in the request.",
    };
  }
  if (entries.length > MOST_ENTRIES) {
    return {
      error: "TooManyEntriesInBatchRequest",
      message: `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    };
  }
  if (entries.some(({ Id }) => !/^[\w-]{1,80}$/.test(Id))) {
    return {
      error: "InvalidBatchEntryId",
      message:
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
    };
  }
  const repeated = entries.find(({ Id }, index) => entries.findIndex((other) => other.Id === Id) !== index);
  if (repeated === undefined) return undefined;
  return { error: "BatchEntryIdsNotDistinct", message: `Id ${repeated.Id} repeated.` };
}

/** Each entry succeeds or fails on its own; a list that would be empty is left out. */
function perEntry<Entry extends { Id: string }>(
  entries: Entry[],
  run: (entry: Entry) => Record<string, unknown> | SqsFailure,
): SqsAnswer {
  const successful: Record<string, unknown>[] = [];
  const failed: Record<string, unknown>[] = [];
  for (const entry of entries) {
    const outcome = run(entry);
    if (isFailure(outcome)) failed.push(failedEntry(entry.Id, outcome));
    else successful.push({ Id: entry.Id, ...outcome });
  }
  return ok({
    ...(successful.length === 0 ? {} : { Successful: successful }),
    ...(failed.length === 0 ? {} : { Failed: failed }),
  });
}

const batchOf = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.object({ QueueUrl: z.string(), Entries: z.array(z.object({ Id: z.string(), ...shape })) });

const sendBatch = withQueue(batchOf(outgoingShape), (queue, { Entries: entries }) => {
  const problem = batchProblem(entries);
  if (problem !== undefined) return problem;
  const bytes = entries.reduce(
    (sum, { MessageBody, MessageAttributes }) => sum + messageBytes(MessageBody, MessageAttributes),
    0,
  );
  if (bytes > MOST_BATCH_BYTES) {
    return {
      error: "BatchRequestTooLong",
      message: `Batch requests cannot be longer than ${MOST_BATCH_BYTES} bytes. You have sent ${bytes} bytes.`,
    };
  }
  return perEntry(entries, (entry) => {
    const message = checkedMessage(queue, entry);
    return isFailure(message) ? message : sentBody(queue.send(message), message);
  });
});

const deleteBatch = withQueue(batchOf({ ReceiptHandle: z.string() }), (queue, { Entries: entries }) => {
  const problem = batchProblem(entries);
  return problem ?? perEntry(entries, ({ ReceiptHandle }) => queue.delete(ReceiptHandle) ?? {});
});

const changeBatch = withQueue(
  batchOf({ ReceiptHandle: z.string(), VisibilityTimeout: z.number().int() }),
  (queue, { Entries: entries }) => {
    const problem = batchProblem(entries);
    return (
      problem ??
      perEntry(
        entries,
        ({ ReceiptHandle, VisibilityTimeout }) =>
          changeVisibility(queue, ReceiptHandle, VisibilityTimeout) ?? {},
      )
    );
  },
);

export const batchActions: Record<string, Action> = {
  SendMessageBatch: sendBatch,
  DeleteMessageBatch: deleteBatch,
  ChangeMessageVisibilityBatch: changeBatch,
};
