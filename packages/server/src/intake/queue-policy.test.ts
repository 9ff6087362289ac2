import { describe, expect, it } from "vitest";

import { keepsOut } from "./queue-policy.ts";

const AMAZON = { awsAccountId: "437568002678", actions: ["sqs:SendMessage", "sqs:GetQueueAttributes"] };

const allowing = (statement: object) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111122223333:root" },
        Action: "SQS:*",
        Resource: "*",
      },
      {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::437568002678:root" },
        Action: ["sqs:GetQueueAttributes", "sqs:SendMessage"],
        Resource: "arn:aws:sqs:us-east-1:111122223333:orders",
        ...statement,
      },
    ],
  });

describe("a queue's policy", () => {
  it.each([
    ["as it is asked for", {}],
    ["by the account's number alone", { Principal: { AWS: ["437568002678"] } }],
    ["by one of its roles", { Principal: { AWS: "arn:aws:iam::437568002678:role/sender" } }],
    ["for everybody", { Principal: "*" }],
    ["for every account", { Principal: { AWS: "*" } }],
    ["with all actions", { Action: "SQS:*" }],
    ["with all actions of all services", { Action: "*" }],
    ["with some of them", { Action: ["sqs:Send*"] }],
    ["with no more than sending", { Action: "SQS:SendMessage" }],
    ["under a condition", { Condition: { StringEquals: { "aws:SourceAccount": "1" } } }],
    ["by all actions but some", { Action: undefined, NotAction: "sqs:DeleteMessage" }],
  ])("lets the sender in: %s", (_, statement) => {
    expect(keepsOut(allowing(statement), AMAZON)).toBe(false);
  });

  it.each([
    ["none at all", ""],
    ["no statement", "{}"],
    ["another account", allowing({ Principal: { AWS: "arn:aws:iam::437568002679:root" } })],
    ["a service", allowing({ Principal: { Service: "events.amazonaws.com" } })],
    ["a denial", allowing({ Effect: "Deny" })],
    ["reading alone", allowing({ Action: ["sqs:ReceiveMessage", "sqs:GetQueueAttributes"] })],
    ["a name that only begins alike", allowing({ Action: "sqs:SendMessageBatch" })],
    ["a dot that is no letter", allowing({ Action: "sqs.SendMessage" })],
    [
      "one statement, not in a list",
      JSON.stringify({ Statement: { Effect: "Allow", Principal: { AWS: "1" }, Action: "*" } }),
    ],
  ])("keeps the sender out: %s", (_, policy) => {
    expect(keepsOut(policy, AMAZON)).toBe(true);
  });

  it.each(["not JSON", "[]", '{"Statement":[{"Effect":5}]}'])(
    "that is not understood accuses nobody: %s",
    (policy) => {
      expect(keepsOut(policy, AMAZON)).toBe(false);
    },
  );
});
