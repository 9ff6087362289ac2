import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  type Message,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { describe, expect, test } from "vitest";

import { START_AT, startQueueService } from "./test-queue-service.ts";

async function createQueue(client: SQSClient, name = "orders", attributes = {}): Promise<string> {
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  if (QueueUrl === undefined) throw new Error("no queue URL");
  return QueueUrl;
}

async function receive(client: SQSClient, QueueUrl: string, more: object = {}): Promise<Message[]> {
  const input = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["All" as const], ...more };
  return (await client.send(new ReceiveMessageCommand(input))).Messages ?? [];
}

async function sendAll(client: SQSClient, QueueUrl: string, bodies: string[]): Promise<void> {
  for (const MessageBody of bodies) await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
}

async function sizesOf(client: SQSClient, QueueUrl: string): Promise<unknown[]> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
  );
  return [
    Attributes.ApproximateNumberOfMessages,
    Attributes.ApproximateNumberOfMessagesNotVisible,
    Attributes.ApproximateNumberOfMessagesDelayed,
  ].map(Number);
}

const bodiesOf = (messages: Message[]): (string | undefined)[] => messages.map(({ Body }) => Body);

describe("a message", () => {
  test("is received with its times and counts, hidden, and gone when deleted", async () => {
    const { client, clock } = await startQueueService();
    const QueueUrl = await createQueue(client);
    const attributes = {
      Colour: { DataType: "String", StringValue: "grün" },
      Size: { DataType: "Number", StringValue: "7" },
      Raw: { DataType: "Binary", BinaryValue: new Uint8Array([0, 200, 7]) },
    };
    // The client checks every digest and throws when one is wrong.
    const sent = await client.send(
      new SendMessageCommand({ QueueUrl, MessageBody: "añejo 😀", MessageAttributes: attributes }),
    );
    clock.advance(1_500);
    const [message] = await receive(client, QueueUrl, { MessageAttributeNames: ["All"] });
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: "añejo 😀",
      MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
      MessageAttributes: attributes,
      Attributes: {
        SentTimestamp: String(START_AT),
        ApproximateFirstReceiveTimestamp: String(START_AT + 1_500),
        ApproximateReceiveCount: "1",
      },
    });
    expect(await receive(client, QueueUrl)).toEqual([]);
    expect(await sizesOf(client, QueueUrl)).toEqual([0, 1, 0]);
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
    expect(await sizesOf(client, QueueUrl)).toEqual([0, 0, 0]);
  });

  test("that is not deleted comes again after its visibility, and an old handle no longer deletes it", async () => {
    const { client, wallClock } = await startQueueService();
    const QueueUrl = await createQueue(client);
    await sendAll(client, QueueUrl, ["a"]);
    const [first] = await receive(client, QueueUrl);
    wallClock.advance(29_999);
    expect(await receive(client, QueueUrl)).toEqual([]);
    wallClock.advance(1);
    const [second] = await receive(client, QueueUrl, { VisibilityTimeout: 5 });
    expect(second?.MessageId).toBe(first?.MessageId);
    expect(second?.Attributes?.ApproximateReceiveCount).toBe("2");
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    wallClock.advance(5_000);
    expect(await receive(client, QueueUrl)).toHaveLength(1);
  });

  test("can be held longer, or given back at once", async () => {
    const { client, wallClock } = await startQueueService();
    const QueueUrl = await createQueue(client, "orders", { VisibilityTimeout: "10" });
    await sendAll(client, QueueUrl, ["a"]);
    const [message] = await receive(client, QueueUrl);
    const held = { QueueUrl, ReceiptHandle: message?.ReceiptHandle };
    await client.send(new ChangeMessageVisibilityCommand({ ...held, VisibilityTimeout: 60 }));
    wallClock.advance(59_999);
    expect(await receive(client, QueueUrl)).toEqual([]);
    await client.send(new ChangeMessageVisibilityCommand({ ...held, VisibilityTimeout: 0 }));
    expect(await receive(client, QueueUrl)).toHaveLength(1);
    const late = client.send(new ChangeMessageVisibilityCommand({ ...held, VisibilityTimeout: 60 }));
    await expect(late).rejects.toMatchObject({ name: "MessageNotInflight" });
  });

  test("goes to the dead letters after too many receives, with its id and its time", async () => {
    const { client, clock, wallClock, service } = await startQueueService();
    const deadUrl = await createQueue(client, "dead");
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: service.arnOf("dead"),
      maxReceiveCount: "2",
    });
    const QueueUrl = await createQueue(client, "orders", { RedrivePolicy });
    await sendAll(client, QueueUrl, ["poison"]);
    clock.advance(1_000);
    const [first] = await receive(client, QueueUrl);
    wallClock.advance(30_000);
    expect(await receive(client, QueueUrl)).toHaveLength(1);
    wallClock.advance(30_000);
    expect(await receive(client, QueueUrl)).toEqual([]);
    const [dead] = await receive(client, deadUrl);
    expect(dead).toMatchObject({
      MessageId: first?.MessageId,
      Body: "poison",
      Attributes: {
        SentTimestamp: String(START_AT),
        DeadLetterQueueSourceArn: service.arnOf("orders"),
      },
    });
  });

  test("shows after its delay, and is forgotten after the retention period", async () => {
    const { client, clock, wallClock } = await startQueueService();
    const QueueUrl = await createQueue(client, "orders", { MessageRetentionPeriod: "60" });
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "late", DelaySeconds: 5 }));
    expect(await sizesOf(client, QueueUrl)).toEqual([0, 0, 1]);
    wallClock.advance(5_000);
    expect(await sizesOf(client, QueueUrl)).toEqual([1, 0, 0]);
    clock.advance(60_001);
    expect(await sizesOf(client, QueueUrl)).toEqual([0, 0, 0]);
  });
});

describe("a waiting receive", () => {
  test("answers as soon as something is there", async () => {
    const { client } = await startQueueService();
    const QueueUrl = await createQueue(client);
    const waiting = receive(client, QueueUrl, { WaitTimeSeconds: 20 });
    await sendAll(client, QueueUrl, ["a"]);
    expect(bodiesOf(await waiting)).toEqual(["a"]);
  });

  test("answers without messages when its time is over", async () => {
    const { client, wallClock } = await startQueueService();
    const QueueUrl = await createQueue(client);
    const waiting = receive(client, QueueUrl, { WaitTimeSeconds: 20 });
    await expect.poll(() => wallClock.pending()).toBe(1);
    wallClock.advance(20_000);
    expect(await waiting).toEqual([]);
  });

  test("that was hung up takes no message away", async () => {
    const { client, wallClock } = await startQueueService();
    const QueueUrl = await createQueue(client);
    const hangUp = new AbortController();
    const waiting = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
      abortSignal: hangUp.signal,
    });
    await expect.poll(() => wallClock.pending()).toBe(1);
    hangUp.abort();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    await expect.poll(() => wallClock.pending()).toBe(0);
    await sendAll(client, QueueUrl, ["a"]);
    expect(bodiesOf(await receive(client, QueueUrl))).toEqual(["a"]);
  });
});

describe("a batch", () => {
  test("succeeds and fails entry by entry", async () => {
    const { client } = await startQueueService();
    const QueueUrl = await createQueue(client);
    const sent = await client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "a", MessageBody: "a" },
          { Id: "b", MessageBody: "b\u0000" },
          { Id: "c", MessageBody: "c" },
        ],
      }),
    );
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(["a", "c"]);
    expect(sent.Failed).toMatchObject([{ Id: "b", SenderFault: true, Code: "InvalidMessageContents" }]);
    const [a, c] = await receive(client, QueueUrl);
    const changed = await client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "a", ReceiptHandle: a?.ReceiptHandle, VisibilityTimeout: 0 },
          { Id: "c", ReceiptHandle: c?.ReceiptHandle, VisibilityTimeout: 50_000 },
        ],
      }),
    );
    expect(changed.Successful?.map(({ Id }) => Id)).toEqual(["a"]);
    expect(changed.Failed).toMatchObject([{ Id: "c", Code: "InvalidParameterValue" }]);
    const deleted = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "c", ReceiptHandle: c?.ReceiptHandle },
          { Id: "x", ReceiptHandle: "nonsense" },
        ],
      }),
    );
    expect(deleted.Successful?.map(({ Id }) => Id)).toEqual(["c"]);
    expect(deleted.Failed).toMatchObject([{ Id: "x", Code: "ReceiptHandleIsInvalid", SenderFault: true }]);
  });

  test.each([
    ["EmptyBatchRequest", []],
    [
      "TooManyEntriesInBatchRequest",
      Array.from({ length: 11 }, (_, n) => ({ Id: String(n), MessageBody: "x" })),
    ],
    [
      "BatchEntryIdsNotDistinct",
      [
        { Id: "a", MessageBody: "x" },
        { Id: "a", MessageBody: "y" },
      ],
    ],
    ["InvalidBatchEntryId", [{ Id: "a b", MessageBody: "x" }]],
    [
      "BatchRequestTooLong",
      [
        { Id: "a", MessageBody: "x".repeat(600_000) },
        { Id: "b", MessageBody: "y".repeat(600_000) },
      ],
    ],
  ])("is refused whole: %s", async (name, Entries) => {
    const { client } = await startQueueService();
    const QueueUrl = await createQueue(client);
    const refused = client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    await expect(refused).rejects.toMatchObject({ name });
    expect(await sizesOf(client, QueueUrl)).toEqual([0, 0, 0]);
  });
});

test("queues are made once, found by name and listed", async () => {
  const { client, service, url } = await startQueueService();
  const QueueUrl = await createQueue(client, "orders", { VisibilityTimeout: "10" });
  expect(QueueUrl).toBe(`${url}/${service.accountId}/orders`);
  expect(await createQueue(client, "orders", { VisibilityTimeout: "10" })).toBe(QueueUrl);
  await expect(createQueue(client, "orders", { VisibilityTimeout: "11" })).rejects.toMatchObject({
    name: "QueueNameExists",
  });
  expect((await client.send(new GetQueueUrlCommand({ QueueName: "orders" }))).QueueUrl).toBe(QueueUrl);
  expect((await client.send(new ListQueuesCommand({ QueueNamePrefix: "or" }))).QueueUrls).toEqual([QueueUrl]);
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn", "VisibilityTimeout"] }),
  );
  expect(Attributes).toEqual({ QueueArn: service.arnOf("orders"), VisibilityTimeout: "10" });
});

describe("misfortune, seeded", () => {
  test("a message may come twice, with one id", async () => {
    const { client } = await startQueueService({ duplicate: 1 });
    const QueueUrl = await createQueue(client);
    await sendAll(client, QueueUrl, ["a"]);
    const [first, second] = await receive(client, QueueUrl);
    expect(second?.MessageId).toBe(first?.MessageId);
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    expect(await sizesOf(client, QueueUrl)).toEqual([0, 1, 0]);
  });

  const letters = "abcdefgh".split("");

  test("messages come in another order, the same for the same seed", async () => {
    const orderOf = async (): Promise<(string | undefined)[]> => {
      const { client } = await startQueueService({ reorder: 1 });
      const QueueUrl = await createQueue(client);
      await sendAll(client, QueueUrl, letters);
      return bodiesOf(await receive(client, QueueUrl));
    };
    const order = await orderOf();
    expect(new Set(order)).toEqual(new Set(letters));
    expect(order).not.toEqual(letters);
    expect(await orderOf()).toEqual(order);
  });

  test("a deleted message comes again", async () => {
    const { client, wallClock } = await startQueueService({ deleteIgnored: 1 });
    const QueueUrl = await createQueue(client);
    await sendAll(client, QueueUrl, ["a"]);
    const [message] = await receive(client, QueueUrl);
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
    wallClock.advance(30_000);
    expect(await receive(client, QueueUrl)).toHaveLength(1);
  });

  test("a call fails, is throttled, or takes effect unheard", async () => {
    const { client, setFaults } = await startQueueService();
    const QueueUrl = await createQueue(client);
    await sendAll(client, QueueUrl, ["a"]);
    setFaults({ serverError: 1, actions: ["ReceiveMessage"] });
    await expect(receive(client, QueueUrl)).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
    setFaults({ throttled: 1 });
    await expect(receive(client, QueueUrl)).rejects.toMatchObject({ name: "RequestThrottled" });
    setFaults({ droppedAfterApply: 1 });
    await expect(receive(client, QueueUrl)).rejects.toThrow();
    setFaults({});
    expect(await sizesOf(client, QueueUrl)).toEqual([0, 1, 0]);
    setFaults({ emptyReceive: 1 });
    await sendAll(client, QueueUrl, ["b"]);
    expect(await receive(client, QueueUrl)).toEqual([]);
    expect(bodiesOf(await receive(client, QueueUrl, { WaitTimeSeconds: 1 }))).toEqual(["b"]);
  });
});

test("a queue that is not there is refused in the service's own words", async () => {
  const { client, url, service } = await startQueueService();
  const missing = receive(client, `${url}/${service.accountId}/nobody`);
  await expect(missing).rejects.toBeInstanceOf(QueueDoesNotExist);
});

test.each([
  [{ accessKeyId: "AKIAUNKNOWN" }, "InvalidClientTokenId"],
  [{ secretAccessKey: "wrong" }, "SignatureDoesNotMatch"],
  [{ region: "eu-west-1" }, "SignatureDoesNotMatch"],
])("a caller with %o is refused", async (changes, code) => {
  const { clientWith, service } = await startQueueService();
  service.create("orders");
  const refused = clientWith(changes).send(new GetQueueUrlCommand({ QueueName: "orders" }));
  await expect(refused).rejects.toMatchObject({ name: code, $metadata: { httpStatusCode: 403 } });
});
