import { expect, test } from "vitest";

import { startQueueService } from "./test-queue-service.ts";

async function post(url: string, target: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": target, ...headers },
    body,
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as unknown };
}

test("a call without a signature is refused before anything else", async () => {
  const { url } = await startQueueService();
  const answer = await post(url, "AmazonSQS.ListQueues", "{}");
  expect(answer.status).toBe(403);
  expect(answer.headers.get("x-amzn-query-error")).toBe("MissingAuthenticationToken;Sender");
  expect(answer.headers.get("content-type")).toBe("application/x-amz-json-1.0");
  expect(answer.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
  expect(answer.body).toEqual({
    __type: "com.amazon.coral.service#MissingAuthenticationTokenException",
    message: "Request is missing Authentication Token",
  });
});

test("a signature that is none is refused", async () => {
  const { url } = await startQueueService();
  const answer = await post(url, "AmazonSQS.ListQueues", "{}", { authorization: "Bearer x" });
  expect([answer.status, answer.headers.get("x-amzn-query-error")]).toEqual([
    400,
    "IncompleteSignature;Sender",
  ]);
});

test("another protocol or target is no operation", async () => {
  const { url } = await startQueueService();
  const query = await post(url, "", "Action=ListQueues", {
    "content-type": "application/x-www-form-urlencoded",
  });
  expect([query.status, query.headers.get("x-amzn-query-error")]).toEqual([
    400,
    "UnknownOperationException;Sender",
  ]);
});

test("the body and headers of an error of the service", async () => {
  const { client, url, service } = await startQueueService();
  // What the client read off the wire, header and body, before it made an error of it.
  const seen: unknown[] = [];
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        const { $response } = error as { $response: { statusCode: number; headers: Record<string, string> } };
        seen.push([$response.statusCode, $response.headers["x-amzn-query-error"]]);
        throw error;
      }
    },
    { step: "deserialize", priority: "high" },
  );
  const { GetQueueAttributesCommand } = await import("@aws-sdk/client-sqs");
  const missing = new GetQueueAttributesCommand({ QueueUrl: `${url}/${service.accountId}/nobody` });
  await expect(client.send(missing)).rejects.toThrow("The specified queue does not exist.");
  expect(seen).toEqual([[400, "AWS.SimpleQueueService.NonExistentQueue;Sender"]]);
});
