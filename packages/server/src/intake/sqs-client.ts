import { SQSClient } from "@aws-sdk/client-sqs";
import type { QueueAddress } from "@onepool/connectors/contract/queue-address.ts";

const CONNECTION_TIMEOUT_MS = 5_000;

/** The real SDK at a queue's service. Its own retries are few: who asks has a longer patience and says so. */
export function sqsClientOf(address: QueueAddress, limits: { readonly requestTimeoutMs: number }): SQSClient {
  const { region, endpoint, accessKeyId, secretAccessKey } = address;
  return new SQSClient({
    region,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 2,
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS, requestTimeout: limits.requestTimeoutMs },
    // By default the client goes where the queue's URL leads, whatever endpoint it was given.
    ...(endpoint === undefined ? {} : { endpoint, useQueueUrlAsEndpoint: false }),
  });
}
