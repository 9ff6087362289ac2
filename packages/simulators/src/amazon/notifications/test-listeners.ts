import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, onTestFinished } from "vitest";

import type { AmazonSimulator } from "../start.ts";

/** A notification document as it arrived. */
export interface Arrival {
  NotificationVersion: string;
  NotificationType: string;
  PayloadVersion: string;
  EventTime: string;
  Payload: Record<string, unknown>;
  NotificationMetadata: {
    ApplicationId: string;
    SubscriptionId: string;
    PublishTime: string;
    NotificationId: string;
  };
}

/** An event as an event rule puts it into a queue. */
export interface EventArrival {
  id: string;
  source: string;
  account: string;
  "detail-type": string;
  detail: Arrival;
}

/** Takes everything out of the first queue that is there now, with the real client. */
export async function drainQueue<Document = Arrival>({ sqs }: AmazonSimulator): Promise<Document[]> {
  const { endpoint, region, accessKeyId, secretAccessKey, queues } = sqs;
  const client = new SQSClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  const QueueUrl = queues[0]?.queueUrl;
  const documents: Document[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) break;
    for (const { Body = "", ReceiptHandle } of Messages) {
      documents.push(JSON.parse(Body) as Document);
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
  client.destroy();
  return documents;
}

/** What an order's notification says, as tests read it. */
export function orderIn(arrival: Arrival | undefined) {
  return arrival?.Payload.OrderChangeNotification as
    | {
        NotificationLevel: string;
        SellerId: string;
        AmazonOrderId: string;
        OrderChangeType: string;
        OrderChangeTrigger: { TimeOfOrderChange: string | null; ChangeReason: string };
        Summary: Record<string, unknown> & { OrderStatus: string; OrderItems: Record<string, unknown>[] };
      }
    | undefined;
}

/** A callback of ours, which answers with `status`. */
export async function startCallback(): Promise<{ url: string; bodies: string[]; status: number }> {
  const callback = { url: "", bodies: [] as string[], status: 200 };
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (text += chunk));
    request.on("end", () => {
      callback.bodies.push(text);
      response.statusCode = callback.status;
      response.end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  callback.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return callback;
}

/** Waits until no post is on the wire and so many have been tried. */
export async function postsTried(amazon: AmazonSimulator, attempts: number): Promise<void> {
  const tried = async (): Promise<number[]> => {
    const response = await fetch(`${amazon.url}/_sim/notifications`);
    const { tap } = (await response.json()) as { tap: { inFlight: number; counts: { attempts: number } } };
    return [tap.inFlight, tap.counts.attempts];
  };
  await expect.poll(tried, { interval: 2 }).toEqual([0, attempts]);
}
